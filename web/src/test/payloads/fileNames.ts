/** Names of files that try to act, to leave their place or to look like another file. */
import { ACT, AWAY } from "./marks";

export const FILE_NAMES: string[] = [
  `<img src=x onerror=${ACT}>.png`,
  `<script src=${AWAY}></script>.txt`,
  `"><svg onload=${ACT}>.svg`,
  `' onmouseover='${ACT}' x='.pdf`,
  "`${" + ACT + "}`.js",
  `javascript:${ACT}//.html`,
  `&lt;b&gt;&#x202e;.txt`,
  "%3Cscript%3E.txt",
  "{{name}} $t(app.close).txt",
  "**bold** [link](javascript:x).md",
  "invoice\u202efdp.exe",
  "invoice\u2067fdp\u2069.exe",
  "\u202b\u202dinvoice\u202c.scr",
  "invoice\u200f.\u061cexe",
  "report.pdf.exe",
  `report.pdf${" ".repeat(120)}.exe`,
  `report.pdf${"\u3000".repeat(60)}.scr`,
  `${"very-long-".repeat(24)}name.scr`,
  `${"e\u0301\u0316".repeat(60)}.txt`,
  "two\r\nlines.txt",
  "two\u2028lines\u2029more.txt",
  "zero\u0000byte\u0007.exe",
  "../../../etc/passwd",
  "..\\..\\windows\\system32\\cmd.exe",
  ".htaccess",
  "__proto__",
  "constructor.name",
  "CON",
  "見積書（最終版）.xlsx",
  "تقرير نهائي.pdf",
  "דוח.exe",
  "👩🏽‍🚀🏳️‍🌈.png",
];

/** Characters that let a name look like another one. */
export const REORDERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
