/** The codes of the server's errors, read from its source: the contract calls them stable, but does not list them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** Which argument of a call is the code. */
const CALLS: Record<string, number> = { new: 1, invalid: 1, unreadable: 1, unavailable: 0, too_many: 0 };

/** The Rust files below a folder, without the tests at their ends. */
function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8").split("#[cfg(test)]")[0] ?? "");
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

/** The arguments of a call, whose text begins after its parenthesis. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length && depth >= 0; at++) {
    const character = text[at] ?? "";
    if (character === '"') {
      do {
        at += text[at] === "\\" ? 2 : 1;
      } while (at < text.length && text[at] !== '"');
    } else if ("([{".includes(character)) {
      depth++;
    } else if (")]}".includes(character)) {
      depth--;
    }
    if (depth < 0 || (depth === 0 && character === ",")) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return found;
}

/** Of every error response and every field in one. */
export function problemCodes(): string[] {
  const constants = new Map(
    sources("projections/src").flatMap((text) =>
      [...text.matchAll(/pub const (\w+): &str = "(\w+)"/g)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );
  const codes = sources("domain/src").flatMap((text) =>
    matches(text, /=> "(\w+)", (?:NotFound|Forbidden|Conflict|Invalid)\b/g),
  );
  for (const text of sources("api/src")) {
    for (const match of text.matchAll(/(?:Problem::|Self::|[^\w:])(new|invalid|unreadable|unavailable|too_many)\(/g)) {
      const code = argumentsOf(text.slice(match.index + match[0].length))[CALLS[match[1] ?? ""] ?? 0] ?? "";
      codes.push(...matches(code, /^"(\w+)"$/g), ...(constants.get(code) ?? "").split(" ").filter(Boolean));
    }
    for (const statement of matches(text, /let \(?code\b[^=]*= ([^;]+);/g)) {
      codes.push(...matches(statement, /(?:=> |\()\s*"(\w+)"/g));
    }
    codes.push(...matches(text, /WriteRefused\(([A-Z_]+)/g).map((name) => constants.get(name) ?? name));
  }
  return [...new Set(codes)].sort();
}

/** Of the answers or documents that failed. */
export function failureCodes(feature: "response" | "document"): string[] {
  const text = readFileSync(join(ROOT, "domain/src", feature, "values.rs"), "utf8");
  const body = /enum FailureCode \{([^}]*)\}/.exec(text)?.[1] ?? "";
  const names = matches(body, /^ {4}(\w+),$/gm);
  return names.map((name) => name.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase()).sort();
}
