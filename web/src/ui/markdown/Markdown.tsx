/** Markdown of people and models. Parsed block by block: while an answer is written, only its last block is parsed
 * again. This file comes in a chunk of its own. */
import { memo, useId, useMemo } from "react";
import type { RichTextProps } from "../RichText";
import { FencedCode } from "./code/FencedCode";
import { FootnoteContext } from "./footnotes/FootnoteContext";
import { Footnotes } from "./footnotes/Footnotes";
import { MarkdownText } from "./MarkdownText";
import "./prose.css";
import { type Block, splitBlocks } from "./split/blocks";
import { linesFor, referencesOf } from "./split/references";
import { LongTable } from "./table/LongTable";

export default function Markdown({ text, isStreaming = false, remarkPlugins, components }: RichTextProps) {
  const id = useId();
  const blocks = useMemo(() => splitBlocks(text), [text]);
  const references = useMemo(() => referencesOf(blocks), [blocks]);
  const footnotes = useMemo(() => ({ id, ids: references.footnotes.map((note) => note.id) }), [id, references]);
  const extras = { remarkPlugins, components };
  return (
    <FootnoteContext value={footnotes}>
      <div className="prose">
        {blocks.map((block, index) => (
          <BlockView
            // A block keeps its place while those after it are written.
            key={index}
            block={block}
            references={block.kind === "code" ? "" : linesFor(block.source, references)}
            isOpen={isStreaming && index === blocks.length - 1}
            {...extras}
          />
        ))}
        {references.footnotes.length > 0 && <Footnotes footnotes={references.footnotes} {...extras} />}
      </div>
    </FootnoteContext>
  );
}

interface Props extends Pick<RichTextProps, "remarkPlugins" | "components"> {
  block: Block;
  references: string;
  isOpen: boolean;
}

const BlockView = memo(function BlockView({ block, references, isOpen, ...extras }: Props) {
  switch (block.kind) {
    case "code":
      return <FencedCode code={block.code} info={block.info} isOpen={isOpen && !block.isClosed} />;
    case "table":
      return <LongTable table={block} references={references} isOpen={isOpen} {...extras} />;
    case "text":
      return <MarkdownText source={block.source} references={references} isOpen={isOpen} {...extras} />;
    case "footnote":
      return null;
  }
}, isSame);

/** The same text makes the same block, although it is another object each time. */
function isSame(before: Props, after: Props): boolean {
  const isSameBlock =
    before.block.kind === "code" || after.block.kind === "code"
      ? JSON.stringify(before.block) === JSON.stringify(after.block)
      : before.block.kind === after.block.kind && before.block.source === after.block.source;
  return (
    isSameBlock &&
    before.references === after.references &&
    before.isOpen === after.isOpen &&
    before.remarkPlugins === after.remarkPlugins &&
    before.components === after.components
  );
}
