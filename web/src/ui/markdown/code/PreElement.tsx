import type { Element } from "hast";
import { useContext } from "react";
import { BlockContext } from "../BlockContext";
import { classesOf, elementsIn, textOf } from "../plugins/hast";
import { FencedCode } from "./FencedCode";

/** Code set off inside a list or a quote. */
export function PreElement({ node }: { node: Element }) {
  const block = useContext(BlockContext);
  const [code] = elementsIn(node, "code");
  const language = code === undefined ? "" : (classesOf(code)[0]?.replace(/^language-/, "") ?? "");
  const isOpen = block.isOpen && !isClosed(block.source, node);
  return <FencedCode code={textOf(node).replace(/\n$/, "")} info={language} isOpen={isOpen} />;
}

/** Whether the source goes on after it, or its last line is a fence. */
function isClosed(source: string, { position }: Element): boolean {
  const start = position?.start.offset ?? 0;
  const end = position?.end.offset ?? source.length;
  return end < source.trimEnd().length || /\n[\s>]*(?:`{3,}|~{3,})\s*$/.test(source.slice(start, end));
}
