import { ACT, AWAY } from "./marks";

export const code = [
  "```js\n</code></pre><script>alert(1)</script>\n```",
  "```<img src=x onerror=alert(1)>\nx\n```",
  "`<img src=x onerror=alert(1)>`",
  '~~~"><script>alert(1)</script>\nx\n~~~',
  "```__proto__\nx\n```",
  "```constructor\nx\n```",
  "```../../../etc/passwd\nx\n```",
  "```javascript:alert(1)\nx\n```",
  `\`\`\`${"x".repeat(5_000)}\nx\n\`\`\``,
  "```js onclick=alert(1) style=position:fixed\nx\n```",
  "```\u202ejs\nx\n```",
  `- a\n  \`\`\`html\n  <script>${ACT}</script>\n  \`\`\``,
  `> \`\`\`svg\n> <svg onload=${ACT}>\n> \`\`\``,
];

/** Drawings and pages that are shown as such. */
export const drawings = [
  `<svg xmlns="http://www.w3.org/2000/svg" onload="${ACT}"><rect width="9" height="9"/></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><script>${ACT}</script></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><script href="${AWAY}.js"/></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><image href="${AWAY}.png"/></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><use href="${AWAY}.svg#a"/></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><style>@import url(${AWAY}.css)</style></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(${AWAY}.svg#a)"/></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="${AWAY}"/></foreignObject></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:${ACT}"><text y="9">x</text></a></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg"><animate attributeName="href" values="javascript:${ACT}"/></svg>`,
  `<!DOCTYPE svg [<!ENTITY x SYSTEM "${AWAY}">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>`,
  `<?xml-stylesheet href="${AWAY}.css"?><svg xmlns="http://www.w3.org/2000/svg"/>`,
  `<svg onload="${ACT}" xmlns="x">`,
  `<svg"><img src=x onerror=${ACT}>`,
].flatMap((source) => ["svg", "xml"].map((language) => `\`\`\`${language}\n${source}\n\`\`\``));

export const diagrams = [
  `flowchart LR\n  A["<img src=x onerror=${ACT}>"] --> B`,
  `flowchart LR\n  A["<script>${ACT}</script>"]`,
  `flowchart LR\n  A --> B\n  click A "javascript:${ACT}"`,
  `flowchart LR\n  A --> B\n  click A href "${AWAY}"`,
  `flowchart LR\n  A --> B\n  click A call ${ACT}`,
  `flowchart LR\n  A["<iframe src=${AWAY}></iframe>"]`,
  `flowchart LR\n  A@{ img: "${AWAY}.png", label: "x" }`,
  `flowchart LR\n  A@{ icon: "fa:evil", label: "x" }`,
  `flowchart LR\n  classDef a fill:url(${AWAY}.png)\n  A:::a`,
  `flowchart LR\n  style A background:url(${AWAY}.png)\n  A`,
  `%%{init: {"securityLevel": "loose", "theme": "base"}}%%\nflowchart LR\n  A["<img src=x onerror=${ACT}>"]`,
  `%%{init: {"themeCSS": "* { background: url(${AWAY}.png) }"}}%%\nflowchart LR\n  A`,
  `%%{init: {"fontFamily": "x; background: url(${AWAY}.png)"}}%%\nflowchart LR\n  A`,
  `---\nconfig:\n  securityLevel: loose\n  themeCSS: "@import url(${AWAY}.css)"\n---\nflowchart LR\n  A["<b onclick=${ACT}>x</b>"]`,
  `sequenceDiagram\n  A->>B: <img src=x onerror=${ACT}>\n  link A: x @ javascript:${ACT}`,
  `classDiagram\n  class A["<script>${ACT}</script>"]\n  click A href "javascript:${ACT}"`,
  `gantt\n  section x\n  a :a1, 2024-01-01, 1d\n  click a1 href "javascript:${ACT}"`,
  `pie title <svg onload=${ACT}>\n  "<img src=x onerror=${ACT}>" : 1`,
  `mindmap\n  root((<img src=x onerror=${ACT}>))`,
  `graph LR\n  A["$$\\href{javascript:${ACT}}{x}$$"]`,
  `no diagram at all <script>${ACT}</script>`,
  `flowchart LR\n  ${"A --> ".repeat(3_000)}A`,
].map((source) => `\`\`\`mermaid\n${source}\n\`\`\``);

/** HTML that is only shown as a page where somebody asks for it. */
export const pages = [
  `<script>top.location = "${AWAY}"</script>`,
  `<script>parent.document.body.innerHTML = ""</script>`,
  `<script>fetch("${AWAY}")</script>`,
  `<meta http-equiv="refresh" content="0;url=${AWAY}">`,
].map((source) => `\`\`\`html\n${source}\n\`\`\``);
