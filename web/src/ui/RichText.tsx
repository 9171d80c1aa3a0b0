import { lazy, Suspense } from "react";
import type { Components, Options } from "react-markdown";
import { part } from "../lib/part";
import { ErrorBoundary } from "./ErrorBoundary";

const Markdown = lazy(part("Markdown", () => import("./markdown/Markdown")));

export interface RichTextProps {
  text: string;
  /** Whether more of it is still being written: then its end is shown as if it were whole. */
  isStreaming?: boolean;
  /** Marks of the caller's own, found in the tree of the text; what they add is sanitized like everything else. */
  remarkPlugins?: Options["remarkPlugins"];
  /** How elements are shown, where not as usual. Keep both the same between renders. */
  components?: Components;
}

/** Markdown; as plain text until the code that shows it is there, and where it cannot be had. */
export function RichText(props: RichTextProps) {
  const { text } = props;
  const plain = <p className="whitespace-pre-wrap">{text}</p>;
  return (
    <ErrorBoundary whenMissing={plain}>
      <Suspense fallback={plain}>
        <Markdown {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}
