/** What may be in a text. It is applied to all that Markdown, HTML in it and plugins have made, before anything is shown. */
import type { Options } from "rehype-sanitize";

export const schema: Options = {
  tagNames: [
    ..."p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code table thead tbody tr th td hr br".split(" "),
    ..."a img input em strong del b i u s ins sub sup kbd mark small q span".split(" "),
  ],
  attributes: {
    a: ["href", "title"],
    img: ["src", "alt", "title"],
    input: [["type", "checkbox"], ["disabled", true], "checked"],
    code: [["className", /^language-./, "math-inline", "math-display"]],
    ol: ["start", ["className", "contains-task-list"]],
    ul: [["className", "contains-task-list"]],
    li: [["className", "task-list-item"]],
    th: [["align", "left", "center", "right"]],
    td: [["align", "left", "center", "right"]],
    sup: ["dataFootnote"],
  },
  // A picture in the text itself asks nobody for anything; which kinds are shown is decided where it is.
  protocols: { href: ["http", "https", "mailto"], src: ["http", "https", "data"] },
  required: { input: { type: "checkbox", disabled: true } },
  strip: ["script", "style"],
};
