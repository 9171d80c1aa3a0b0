import { lazy, Suspense } from "react";
import { part } from "../lib/part";
import { ErrorBoundary } from "./ErrorBoundary";

const Markdown = lazy(part("Markdown", () => import("./Markdown")));

/** Markdown; as plain text until the code that shows it is there, and where it cannot be had. */
export function RichText({ text }: { text: string }) {
  const plain = <p className="whitespace-pre-wrap">{text}</p>;
  return (
    <ErrorBoundary whenMissing={plain}>
      <Suspense fallback={plain}>
        <Markdown text={text} />
      </Suspense>
    </ErrorBoundary>
  );
}
