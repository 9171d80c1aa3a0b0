import { Formula } from "../math/Formula";
import { CodeBlock } from "./CodeBlock";
import { wordOf } from "./languages";

interface Props {
  code: string;
  /** The words behind its fence. */
  info: string;
  isOpen: boolean;
}

/** What stands between fences: code, or a formula where it is said to be one. */
export function FencedCode({ code, info, isOpen }: Props) {
  return wordOf(info) === "math" ? (
    <Formula tex={code} isDisplay isUnfinished={isOpen} />
  ) : (
    <CodeBlock code={code} language={info} isOpen={isOpen} />
  );
}
