/** Markdown of people and models, shown so that nothing in it acts: no HTML, no script, nothing loaded from elsewhere.
 * Sanitised last, after whatever made elements of it; this file comes in a chunk of its own. */
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import rehypeKatex from "rehype-katex";
import rehypeSanitize, { defaultSchema, type Options } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "./CodeBlock";
import type { RichTextProps } from "./RichText";

const MATH = [
  "math",
  "semantics",
  "annotation",
  "mrow",
  "mi",
  "mo",
  "mn",
  "ms",
  "mtext",
  "mspace",
  "msup",
  "msub",
  "msubsup",
  "mfrac",
  "msqrt",
  "mroot",
  "mover",
  "munder",
  "munderover",
  "mtable",
  "mtr",
  "mtd",
  "mstyle",
  "mpadded",
  "mphantom",
  "menclose",
];

/** What may stay: what GitHub lets stay, highlighted code, and MathML without links or styles. */
const schema: Options = {
  ...defaultSchema,
  tagNames: [...(defaultSchema.tagNames ?? []), ...MATH],
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, "hljs"]],
    span: [["className", /^hljs-./, "katex", "katex-error"]],
    math: ["display", "xmlns"],
    annotation: ["encoding"],
    mo: ["stretchy", "fence", "separator", "lspace", "rspace", "minsize", "maxsize", "accent"],
    mi: ["mathvariant"],
    mspace: ["width", "height", "depth"],
    mtable: ["columnalign", "rowspacing", "columnspacing"],
    mover: ["accent"],
    munder: ["accentunder"],
  },
};

const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="underline">
      {children}
    </a>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  img: ({ src, alt }) => <Picture src={src} alt={alt ?? ""} />,
  table: ({ children }) => (
    // A wide table is reached by keyboard as well.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="overflow-x-auto" tabIndex={0} role="group">
      <table>{children}</table>
    </div>
  ),
};

/** An image is a request: those of other sites are links that a person may follow. */
function Picture({ src, alt }: { src: string | Blob | undefined; alt: string }) {
  const { t } = useTranslation();
  if (typeof src !== "string" || src === "") {
    return <span>{alt}</span>;
  }
  if (src.startsWith("/") && !src.startsWith("//") && !src.startsWith("/\\")) {
    return <img src={src} alt={alt} loading="lazy" />;
  }
  return (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow" className="underline">
      {t("message.imageLeftOut", { alt })}
    </a>
  );
}

export default function Markdown({ text, remarkPlugins, components: others }: RichTextProps) {
  return (
    <div className="prose">
      <ReactMarkdown
        remarkPlugins={[remarkGfm, remarkMath, ...(remarkPlugins ?? [])]}
        rehypePlugins={[
          [rehypeKatex, { output: "mathml", throwOnError: false, strict: "ignore", trust: false }],
          [rehypeHighlight, { detect: false }],
          [rehypeSanitize, schema],
        ]}
        components={{ ...components, ...others }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
