/** Draws diagrams, in a frame that has no access to the page around it, and no network. */
import mermaid from "mermaid";
import type { Show } from "./messages";
import { onShow, report, reportHeight } from "./parent";

const LONGEST = 50_000;

const light = { background: "#ffffff", primaryColor: "#eeedfd", primaryBorderColor: "#a5a0f5", lineColor: "#6a6a79" };
const dark = { background: "#1f1f26", primaryColor: "#27264a", primaryBorderColor: "#655df0", lineColor: "#9696a6" };

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
    themeVariables: { ...(isDark ? dark : light), fontSize: "14px", darkMode: isDark },
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
}

reportHeight(document.body);
onShow((message) => void draw(message));
