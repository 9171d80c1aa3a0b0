/** The languages whose code is coloured. */
import type { grammars } from "./grammars";

type Grammar = keyof typeof grammars;

export interface Language {
  grammar: Grammar;
  /** What people call it. */
  name: string;
  /** What its files end with. */
  extension: string;
}

/** Grammar, name, ending of files, and what else may stand behind a fence. */
const LANGUAGES: [Grammar, string, string, string?][] = [
  ["bash", "Shell", "sh", "sh shell zsh console shellscript"],
  ["c", "C", "c", "h"],
  ["cpp", "C++", "cpp", "c++ cc cxx hpp"],
  ["csharp", "C#", "cs", "c# cs"],
  ["css", "CSS", "css"],
  ["dart", "Dart", "dart"],
  ["diff", "Diff", "diff", "patch"],
  ["docker", "Dockerfile", "dockerfile", "dockerfile"],
  ["go", "Go", "go", "golang"],
  ["html", "HTML", "html", "htm xhtml"],
  ["ini", "INI", "ini", "conf properties"],
  ["java", "Java", "java"],
  ["javascript", "JavaScript", "js", "js mjs cjs node"],
  ["json", "JSON", "json", "json5 jsonc"],
  ["jsx", "JSX", "jsx"],
  ["kotlin", "Kotlin", "kt", "kt kts"],
  ["latex", "LaTeX", "tex", "tex"],
  ["lua", "Lua", "lua"],
  ["make", "Makefile", "mk", "makefile"],
  ["markdown", "Markdown", "md", "md"],
  ["mermaid", "Mermaid", "mmd", "mmd"],
  ["php", "PHP", "php"],
  ["powershell", "PowerShell", "ps1", "ps1 pwsh"],
  ["python", "Python", "py", "py python3"],
  ["r", "R", "r"],
  ["ruby", "Ruby", "rb", "rb"],
  ["rust", "Rust", "rs", "rs"],
  ["scala", "Scala", "scala"],
  ["scss", "SCSS", "scss", "sass"],
  ["sql", "SQL", "sql", "postgres postgresql mysql sqlite"],
  ["swift", "Swift", "swift"],
  ["toml", "TOML", "toml"],
  ["tsx", "TSX", "tsx"],
  ["typescript", "TypeScript", "ts", "ts mts cts"],
  ["xml", "XML", "xml"],
  ["xml", "SVG", "svg"],
  ["yaml", "YAML", "yaml", "yml"],
];

const BY_WORD = new Map(
  LANGUAGES.flatMap(([grammar, name, extension, words]) => {
    const language: Language = { grammar, name, extension };
    return (words ?? "")
      .split(" ")
      .concat(name.toLowerCase(), grammar, extension)
      .map((word) => [word, language] as const);
  }).reverse(),
);

/** The language that the words behind a fence name, if it is one of these. */
export function languageOf(info: string): Language | undefined {
  const word = wordOf(info).toLowerCase();
  return word === "" ? undefined : BY_WORD.get(word);
}

/** `ts title="x"`, `{.python}` and `rust,ignore` all begin with the name of the language. */
export function wordOf(info: string): string {
  return /^[{.\s]*([^\s,{}]+)/.exec(info)?.[1] ?? "";
}
