/** Formulas in Markdown as models write them: `\(…\)` and `$…$` in a line, `\[…\]` and `$$…$$` set off. They become
 * `code` with a class, which says how to show it. */
import type { CompileContext, Extension as FromMarkdown, Handle } from "mdast-util-from-markdown";
import type { Extension } from "micromark-util-types";
import type { Processor } from "unified";
import { BACKSLASH, DOLLAR } from "./codes";
import { mathFlow } from "./mathFlow";
import { backslashText, dollarText } from "./mathText";

declare module "micromark-util-types" {
  interface TokenTypeMap {
    mathFlow: "mathFlow";
    mathText: "mathText";
    mathFence: "mathFence";
    mathData: "mathData";
  }
}

declare module "mdast" {
  interface Formula extends Literal {
    type: "formula";
  }
  interface RootContentMap {
    formula: Formula;
  }
  interface PhrasingContentMap {
    formula: Formula;
  }
}

const syntax: Extension = {
  flow: { [DOLLAR]: mathFlow("$$", "$$"), [BACKSLASH]: mathFlow("\\[", "\\]") },
  text: { [DOLLAR]: dollarText, [BACKSLASH]: backslashText },
};

const enter: Handle = function (this: CompileContext, token) {
  this.enter({ type: "formula", value: "" }, token);
  this.buffer();
};

const exit: Handle = function (this: CompileContext, token) {
  const value = this.resume();
  const isSetOff = token.type === "mathFlow" || /^(\$\$|\\\[)/.test(this.sliceSerialize(token));
  const node = this.stack.at(-1);
  if (node?.type === "formula") {
    node.value = value.trim().replace(/\s+([.,;:])$/, "$1");
    node.data = {
      hName: "code",
      hProperties: { className: [isSetOff ? "math-display" : "math-inline"] },
      hChildren: [{ type: "text", value: node.value }],
    };
  }
  this.exit(token);
};

const data: Handle = function (this: CompileContext, token) {
  this.config.enter.data?.call(this, token);
  this.config.exit.data?.call(this, token);
};

const fromMarkdown: FromMarkdown = {
  enter: { mathFlow: enter, mathText: enter },
  exit: { mathFlow: exit, mathText: exit, mathData: data },
};

export function remarkFormulas(this: Processor): void {
  const all = this.data();
  (all.micromarkExtensions ??= []).push(syntax);
  (all.fromMarkdownExtensions ??= []).push(fromMarkdown);
}
