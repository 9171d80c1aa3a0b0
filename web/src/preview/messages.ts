/** What the page and a preview in it tell each other. A preview has no origin: who speaks is told by the window. */

/** To a preview. */
export interface Show {
  type: "show";
  source: string;
  isDark: boolean;
}

/** From a preview. */
export type Report = { type: "ready" } | { type: "height"; height: number } | { type: "error"; message: string };

/** Whatever else a preview may send is no report. */
export function isReport(data: unknown): data is Report {
  if (typeof data !== "object" || data === null || !("type" in data)) {
    return false;
  }
  switch (data.type) {
    case "ready":
      return true;
    case "height":
      return "height" in data && Number.isFinite(data.height);
    case "error":
      return "message" in data && typeof data.message === "string";
    default:
      return false;
  }
}
