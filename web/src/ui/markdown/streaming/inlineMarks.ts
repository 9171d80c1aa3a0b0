/** Closes the marks of a line of text that is still being written: bold text is bold from its first letter on. */
import { mayClose, mayOpen } from "../math/dollars";
import { type OpenMark, OpenMarks } from "./OpenMarks";

/** A formula in a line is not longer, in characters. */
const LONGEST = 1_000;

const isWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string): boolean => /^\s*$/.test(character);

export function closeInlineMarks(text: string): string {
  return new Closer(text.trimEnd()).close();
}

class Closer {
  private at = 0;
  private readonly open = new OpenMarks();
  private brackets: OpenMark[] = [];

  constructor(private readonly text: string) {}

  close(): string {
    while (this.at < this.text.length) {
      const ending = this.read(this.text[this.at] ?? "");
      if (ending !== undefined) {
        return this.end(...ending);
      }
    }
    const bracket = this.brackets.at(-1);
    if (bracket !== undefined) {
      // What it begins, a link or a picture, is known only later.
      const isHidden = bracket.mark === "![" || this.text.startsWith("[^", bracket.at);
      const rest = isHidden ? "" : this.text.slice(bracket.at + bracket.mark.length);
      return this.end(this.text.slice(0, bracket.at) + rest);
    }
    return this.end(this.text.replace(/\\$/, ""));
  }

  /** The text up to its end and what closes it, where no mark closes what begins here; else goes on behind it. */
  private read(character: string): [string, string?] | undefined {
    const pair = this.text.slice(this.at, this.at + 2);
    if (character === "`") {
      return this.readCode();
    }
    if (pair === "\\(" || pair === "\\[" || pair === "$$") {
      return this.readFormula(pair, pair === "$$" ? "$$" : pair === "\\(" ? "\\)" : "\\]");
    }
    if (character === "\\") {
      this.at += 2;
    } else if (character === "$") {
      this.skipDollars();
    } else if (pair === "![" || character === "[") {
      const mark = pair === "![" ? pair : "[";
      this.brackets.push({ mark, at: this.at });
      this.at += mark.length;
    } else if (character === "]") {
      return this.readAddress();
    } else if ("*_~".includes(character)) {
      return this.readEmphasis(character);
    } else {
      this.at += 1;
    }
    return undefined;
  }

  private readCode(): [string, string?] | undefined {
    const mark = /^`+/.exec(this.text.slice(this.at))?.[0] ?? "";
    const rest = this.text.slice(this.at + mark.length);
    const end = new RegExp(`(?<!\`)${mark}(?!\`)`).exec(rest)?.index;
    if (end === undefined) {
      const code = rest.replace(/`+$/, "");
      return isSpace(code) ? [this.text.slice(0, this.at)] : [this.text.slice(0, this.at) + mark + code, mark];
    }
    this.at += mark.length + end + mark.length;
    return undefined;
  }

  private readFormula(open: string, close: string): [string, string?] | undefined {
    const end = this.text.indexOf(close, this.at + open.length);
    if (end === -1) {
      const formula = this.text.slice(this.at + open.length).replace(/[\\$]$/, "");
      return isSpace(formula)
        ? [this.text.slice(0, this.at)]
        : [this.text.slice(0, this.at) + open + formula, ` ${close}`];
    }
    this.at = end + close.length;
    return undefined;
  }

  private skipDollars(): void {
    const opens = mayOpen(this.text[this.at - 1] ?? " ", this.text[this.at + 1] ?? " ");
    const limit = opens ? Math.min(this.text.length, this.at + LONGEST) : this.at;
    for (let end = this.at + 2; end < limit; end += 1) {
      if (this.text[end] === "$" && mayClose(this.text[end - 1] ?? "", this.text[end + 1] ?? " ")) {
        this.at = end;
        break;
      }
    }
    this.at += 1;
  }

  private readAddress(): [string, string?] | undefined {
    const bracket = this.brackets.pop();
    this.at += 1;
    if (bracket === undefined || this.text[this.at] !== "(") {
      return undefined;
    }
    const end = this.text.indexOf(")", this.at);
    if (end === -1) {
      return bracket.mark === "![" ? [this.text.slice(0, bracket.at)] : [this.text.slice(0, this.at), "()"];
    }
    this.at = end + 1;
    return undefined;
  }

  private readEmphasis(character: string): [string] | undefined {
    const run = this.runOf(character);
    const before = this.text[this.at - 1] ?? " ";
    const after = this.text[this.at + run.length] ?? " ";
    const isInWord = isWord(before) && isWord(after);
    const end = this.at + run.length;
    if (!isSpace(before) && !(character === "_" && isInWord) && this.open.close(run)) {
      this.at = end;
    } else if (end === this.text.length) {
      // Either it opens what is not written yet, or more of it will close what is open.
      return [this.text.slice(0, this.at)];
    } else {
      if (!isSpace(after) && !(isInWord && (character === "_" || run.length === 1))) {
        this.open.add(run, this.at);
      }
      this.at = end;
    }
    return undefined;
  }

  private runOf(character: string): string {
    let end = this.at;
    while (this.text[end] === character) {
      end += 1;
    }
    return this.text.slice(this.at, end);
  }

  private end(text: string, mark = ""): string {
    return text.trimEnd() + mark + this.open.closing(text.length);
  }
}
