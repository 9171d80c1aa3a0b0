import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** `lib`, `ui`, `api` and `hooks` know no feature; features know one another not; `app` puts them together. */
const forbidden = {
  lib: "/(features|app|ui|api|hooks)/",
  ui: "/(features|app|api)/",
  hooks: "/(features|app|ui)/",
  api: "/(features|app|ui|hooks)/",
  // Above its own folder a feature finds what has no feature.
  features: "^\\.\\./(?!\\.\\./(api|lib|ui|hooks|test)/)",
};

/** Classes for one side of the screen: the page also runs from right to left. */
const PHYSICAL =
  "/(^|[\\s:])-?((left|right|[mp][lr]|scroll-[mp][lr])-\\S+|(border|rounded)-([lr]|[tb][lr])(-\\S+)?|(text|float|clear)-(left|right))(?=$|\\s)/";

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/generated.ts", "*.config.js", "*.config.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  hooks.configs.flat["recommended-latest"],
  a11y.flatConfigs.strict,
  {
    rules: {
      "max-lines": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ["src/**/*.tsx"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[`Literal[value=${PHYSICAL}]`, `TemplateElement[value.raw=${PHYSICAL}]`].map((selector) => ({
          selector,
          message:
            "use the logical class: start/end, ps/pe, ms/me, border-s/border-e, rounded-s/rounded-e, text-start/text-end",
        })),
      ],
    },
  },
  { files: ["src/lib/texts/*.ts", "src/app/StyleguidePage.tsx", "e2e/**"], rules: { "max-lines": "off" } },
  ...Object.entries(forbidden).map(([layer, regex]) => ({
    files: [`src/${layer}/**`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex, message: `${layer} knows nothing of it` }] }],
    },
  })),
);
