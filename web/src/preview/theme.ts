/** The colours of diagrams, those of the page around them. */

interface Palette {
  ground: string;
  text: string;
  line: string;
  fill: string;
  border: string;
  second: string;
  third: string;
  note: string;
  noteBorder: string;
  /** Parts of a whole, apart from one another also for those who do not see all colours. */
  parts: string[];
}

const light: Palette = {
  ground: "#f4f4f8",
  text: "#1a1a21",
  line: "#656574",
  fill: "#ffffff",
  border: "#a5a0f5",
  second: "#eeedfd",
  third: "#e6e6f0",
  note: "#fff6e5",
  noteBorder: "#e3c27e",
  parts: ["#a5a0f5", "#f3b95f", "#6fc3a4", "#f08f86", "#7fb2ee", "#d49be8", "#b9c464", "#9a9aad"],
};

const dark: Palette = {
  ground: "#1f1f26",
  text: "#ececf2",
  line: "#9696a6",
  fill: "#2b2b36",
  border: "#655df0",
  second: "#27264a",
  third: "#2e2e38",
  note: "#33270f",
  noteBorder: "#7a5c1e",
  parts: ["#5750c9", "#8a611b", "#2c6f56", "#8f423b", "#2f5f96", "#74458a", "#5f6826", "#55556a"],
};

export function themeVariables(isDark: boolean): Record<string, string | boolean> {
  const { ground, text, line, fill, border, second, third, note, noteBorder, parts } = isDark ? dark : light;
  return {
    darkMode: isDark,
    fontSize: "14px",
    background: ground,
    textColor: text,
    titleColor: text,
    lineColor: line,
    primaryColor: fill,
    primaryBorderColor: border,
    primaryTextColor: text,
    secondaryColor: second,
    tertiaryColor: third,
    edgeLabelBackground: ground,
    noteBkgColor: note,
    noteBorderColor: noteBorder,
    noteTextColor: text,
    activationBkgColor: second,
    activationBorderColor: border,
    pieStrokeColor: ground,
    pieOuterStrokeColor: ground,
    pieOpacity: "1",
    useGradient: false,
    dropShadow: "none",
    ...Object.fromEntries(
      parts.flatMap((color, index) => [
        [`pie${index + 1}`, color],
        [`cScale${index}`, color],
        [`git${index}`, color],
      ]),
    ),
  };
}
