/** Splits Markdown into the blocks at its top level, so that those that are complete need not be parsed again while the
 * last one grows. It splits only where CommonMark does; where it is not sure, blocks stay together. */
import {
  indentOf,
  isBlank,
  isFootnote,
  isHeading,
  isInterruptingItem,
  isNextItem,
  isOpaque,
  markerOf,
} from "./lineKinds";
import { type CodeFence, endOfFormula, endOfHtml, readCode, readTable, type TableLines } from "./wholes";

interface TextBlock {
  kind: "text" | "footnote";
  source: string;
}

export type Block = CodeFence | TableLines | TextBlock;

export function splitBlocks(text: string): Block[] {
  return new Splitter(text.replace(/\r\n?/g, "\n").split("\n")).split();
}

class Splitter {
  private readonly blocks: Block[] = [];
  private at = 0;
  /** Where the block begins that is being read, if there is one. */
  private start: number | undefined;
  /** Whether it is a list or a footnote, whose lines are indented, and what marks the items of the list. */
  private isContainer = false;
  private marker = "";
  /** Whether only an empty line ends it. */
  private isOpaque = false;
  private isAfterGap = false;
  private readonly unclosed = new Set<string>();

  constructor(private readonly lines: string[]) {}

  split(): Block[] {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at] ?? "";
      if (isBlank(line)) {
        this.isAfterGap = true;
        this.isOpaque = false;
        this.at += 1;
      } else {
        this.readLine(line);
        this.isAfterGap = false;
      }
    }
    this.close();
    return this.blocks;
  }

  private readLine(line: string): void {
    const indent = indentOf(line);
    const rest = line.trimStart();
    const belongs = this.start !== undefined && (this.isContainer ? indent > 0 : indent >= 4);
    if (belongs || indent >= 4) {
      this.take();
    } else if (this.isOpaque) {
      this.take();
      this.noteContainer(rest);
    } else if (!this.readWhole(rest)) {
      const isBoundary = this.isAfterGap
        ? !(this.isContainer && isNextItem(rest, this.marker))
        : isFootnote(rest) || (!this.isContainer && isInterruptingItem(rest));
      if (isBoundary) {
        this.close();
      }
      this.isOpaque = isOpaque(rest, this.start !== undefined && !this.isAfterGap);
      this.take();
      this.noteContainer(rest);
    }
  }

  /** Reads a block whose end can be seen. */
  private readWhole(rest: string): boolean {
    const isTablePlace = this.start === undefined || this.isAfterGap || rest.startsWith("|");
    const [block, end] =
      readCode(this.lines, this.at) ??
      (isTablePlace ? readTable(this.lines, this.at) : undefined) ??
      this.readText(rest);
    if (end === undefined) {
      return false;
    }
    this.close();
    this.blocks.push(block ?? { kind: "text", source: this.lines.slice(this.at, end).join("\n") });
    this.at = end;
    return true;
  }

  private readText(rest: string): [undefined, number | undefined] {
    const end = isHeading(rest) ? this.at + 1 : endOfFormula(this.lines, this.at, this.unclosed);
    return [undefined, end ?? endOfHtml(this.lines, this.at)];
  }

  private take(): void {
    this.start ??= this.at;
    this.at += 1;
  }

  private noteContainer(rest: string): void {
    const marker = markerOf(rest);
    if (marker !== undefined || isFootnote(rest)) {
      this.isContainer = true;
      this.marker = marker ?? "";
    }
  }

  private close(): void {
    if (this.start !== undefined) {
      const source = this.lines.slice(this.start, this.at).join("\n").trimEnd();
      this.blocks.push({ kind: isFootnote(source.trimStart()) ? "footnote" : "text", source });
    }
    this.start = undefined;
    this.isContainer = false;
    this.marker = "";
    this.isOpaque = false;
  }
}
