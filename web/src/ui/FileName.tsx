import { readableName, splitName } from "../lib/fileName";

/** The name of a file in one line. Whatever its length, its extension is in sight: it says what the file would do. */
export function FileName({ name, className = "" }: { name: string; className?: string }) {
  const readable = readableName(name);
  const [stem, extension] = splitName(readable);
  return (
    // The outer element puts the name at the side of the page where the others are; the inner one follows the name.
    <span className={`flex min-w-0 ${className}`}>
      <span dir="auto" title={readable} className="flex min-w-0">
        <span className="overflow-hidden text-ellipsis whitespace-pre">{stem}</span>
        <span className="shrink-0">{extension}</span>
      </span>
    </span>
  );
}
