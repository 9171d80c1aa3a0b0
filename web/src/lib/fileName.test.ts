import { expect, it } from "vitest";
import { FILE_NAMES } from "../test/payloads/fileNames";
import { readableName, splitName } from "./fileName";

it.each([
  ["in\u202efdp.exe", "infdp.exe"],
  ["in\u2067fdp\u2069.exe", "infdp.exe"],
  ["a\u0000b\r\n.txt", "ab.txt"],
  ["تقرير\u200f.pdf", "تقرير.pdf"],
  ["Übersicht 2026.docx", "Übersicht 2026.docx"],
  ["世界.txt", "世界.txt"],
])("reads %j as %j, as the server stores it", (name, expected) => {
  expect(readableName(name)).toBe(expected);
});

it.each([
  ["report.pdf.exe", ["report.pdf", ".exe"]],
  ["archive.tar.gz", ["archive.tar", ".gz"]],
  [".htaccess", [".htaccess", ""]],
  ["Dr. Who", ["Dr. Who", ""]],
  ["CON", ["CON", ""]],
  ["", ["", ""]],
])("splits %j", (name, expected) => {
  expect(splitName(name)).toEqual(expected);
});

it("loses nothing of a name by splitting it", () => {
  expect(FILE_NAMES.map((name) => splitName(name).join(""))).toEqual(FILE_NAMES);
});
