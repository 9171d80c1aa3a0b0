import { Formula } from "../math/Formula";
import { CodeBlock } from "./CodeBlock";
import { wordOf } from "./languages";

interface Props {
  code: string;
  /** The words behind its fence. */
  info: string;
  isOpen: boolean;
}

/** The text between fences: code, or a formula where the info string says so. */
export function FencedCode({ code, info, isOpen }: Props) {
  return wordOf(info) === "math" ? (
    <Formula tex={code} isDisplay isUnfinished={isOpen} />
  ) : (
    <CodeBlock code={code} language={info} isOpen={isOpen} />
  );
}
