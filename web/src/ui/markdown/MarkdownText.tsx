import { useMemo } from "react";
import ReactMarkdown, { type Components, defaultUrlTransform, type Options } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { BlockContext } from "./BlockContext";
import { components as usual } from "./components";
import { footnoteReference } from "./footnotes/footnoteReference";
import { remarkFormulas } from "./math/remarkFormulas";
import { rehypeInlineHtml } from "./plugins/rehypeInlineHtml";
import { rehypeScripts } from "./plugins/rehypeScripts";
import { remarkCjkEmphasis } from "./plugins/remarkCjkEmphasis";
import { schema } from "./schema";
import { completeBlock } from "./streaming/completeBlock";
import { rehypeColumns } from "./table/rehypeColumns";

const remark: NonNullable<Options["remarkPlugins"]> = [
  [remarkGfm, { singleTilde: false }],
  remarkFormulas,
  remarkCjkEmphasis,
];
// What comes after the sanitizer adds only what these files say.
const rehype: Options["rehypePlugins"] = [rehypeInlineHtml, [rehypeSanitize, schema], rehypeColumns, rehypeScripts];

export interface MarkdownTextProps {
  source: string;
  /** Whether more of it is still being written. */
  isOpen?: boolean;
  /** What it refers to, from elsewhere in the text. */
  references?: string;
  remarkPlugins?: Options["remarkPlugins"];
  components?: Components;
}

/** Markdown as elements. Nothing in it acts or loads anything from elsewhere. */
export function MarkdownText({
  source,
  isOpen = false,
  references = "",
  remarkPlugins,
  components,
}: MarkdownTextProps) {
  const block = useMemo(() => ({ source, isOpen }), [source, isOpen]);
  return (
    <BlockContext value={block}>
      <ReactMarkdown
        remarkPlugins={[...remark, ...(remarkPlugins ?? [])]}
        remarkRehypeOptions={{ handlers: { footnoteReference } }}
        rehypePlugins={rehype}
        // The sanitizer has looked at the addresses of pictures; those of links are looked at twice.
        urlTransform={(url, key) => (key === "src" ? url : defaultUrlTransform(url))}
        components={{ ...usual, ...components }}
      >
        {(isOpen ? completeBlock(source) : source) + references}
      </ReactMarkdown>
    </BlockContext>
  );
}
