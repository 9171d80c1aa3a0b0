import { lazy, Suspense } from "react";

const Markdown = lazy(() => import("./Markdown"));

/** Markdown; as plain text until the code that shows it is there. */
export function RichText({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
      <Markdown text={text} />
    </Suspense>
  );
}
