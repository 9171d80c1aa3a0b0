/** How the client is made from the contract. Of the headers that every operation takes, pages send If-Match alone. */
module.exports = {
  schemaFile: "../openapi/openapi.json",
  apiFile: "./src/api/baseApi.ts",
  apiImport: "baseApi",
  outputFile: "./src/api/generated.ts",
  exportName: "generatedApi",
  flattenArg: false,
  hooks: false,
  endpointOverrides: [
    {
      pattern: /./,
      parameterFilter: /^(?!Idempotency-Key$|ConvoSphere-Min-Position$|ConvoSphere-Reason$|Last-Event-ID$)/,
    },
  ],
};
