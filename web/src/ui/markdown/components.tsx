/** How the elements of a text are shown. */
import type { Components } from "react-markdown";
import { Checkbox } from "./Checkbox";
import { CodeElement } from "./code/CodeElement";
import { PreElement } from "./code/PreElement";
import { FootnoteMark } from "./footnotes/FootnoteMark";
import { Picture } from "./image/Picture";
import { Link } from "./Link";
import { TableFrame } from "./table/TableFrame";

export const components: Components = {
  a: ({ href, title, children }) => (
    <Link href={href} title={title}>
      {children}
    </Link>
  ),
  code: ({ node, className, children }) => (
    <CodeElement node={node} className={className}>
      {children}
    </CodeElement>
  ),
  img: ({ src, alt }) => <Picture src={typeof src === "string" ? src : ""} alt={alt ?? ""} />,
  input: ({ checked }) => <Checkbox isChecked={checked === true} />,
  pre: ({ node }) => (node === undefined ? null : <PreElement node={node} />),
  sup: ({ node, children }) => {
    const footnote = node?.properties.dataFootnote;
    return typeof footnote === "string" ? <FootnoteMark footnote={footnote} /> : <sup>{children}</sup>;
  },
  table: ({ dir, children }) => <TableFrame dir={dir}>{children}</TableFrame>,
};
