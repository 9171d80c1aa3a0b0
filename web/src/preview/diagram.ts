/** Draws diagrams, in a frame that has no access to the page around it, and no network. */
import mermaid from "mermaid";
import type { Show } from "./messages";
import { onShow, report, reportHeight } from "./parent";
import { themeVariables } from "./theme";

const LONGEST = 50_000;

let drawn = 0;

async function draw({ source, isDark }: Show): Promise<void> {
  const number = (drawn += 1);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  mermaid.initialize({
    startOnLoad: false,
    // No scripts, links or HTML of the source's own.
    securityLevel: "strict",
    suppressErrorRendering: true,
    maxTextSize: LONGEST,
    fontFamily: "system-ui, sans-serif",
    theme: "base",
    darkMode: isDark,
    themeVariables: themeVariables(isDark),
  });
  try {
    const { svg } = await mermaid.render(`diagram${number}`, source);
    // A later one may have been wanted meanwhile.
    if (number === drawn) {
      show(svg);
    }
  } catch (error) {
    report({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
}

function show(svg: string): void {
  const drawing = new DOMParser().parseFromString(svg, "text/html").body;
  document.body.replaceChildren(...drawing.childNodes);
  tellHeight();
}

const tellHeight = reportHeight(document.body);
onShow((message) => void draw(message));
