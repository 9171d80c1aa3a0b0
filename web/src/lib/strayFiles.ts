/** A file that is dropped where nothing takes it would replace the page: the browser opens it. */
export function refuseStrayFiles(): void {
  for (const type of ["dragover", "drop"] as const) {
    globalThis.addEventListener(type, (event) => {
      if (event.dataTransfer?.types.includes("Files") === true) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "none";
      }
    });
  }
}
