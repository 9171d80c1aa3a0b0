import { lazy, memo, Suspense } from "react";
import { part } from "../../../lib/part";
import { ErrorBoundary } from "../../ErrorBoundary";

const KatexFormula = lazy(part("KatexFormula", () => import("./KatexFormula")));

interface Props {
  tex: string;
  /** Set off, instead of in a line. */
  isDisplay: boolean;
  /** Whether its end is still being written: half a formula is none. */
  isUnfinished: boolean;
}

/** A formula; as its source until it can be typeset. */
export const Formula = memo(function Formula({ tex, isDisplay, isUnfinished }: Props) {
  const source = <code className={isDisplay ? "formula-source formula-display" : "formula-source"}>{tex}</code>;
  if (isUnfinished) {
    return source;
  }
  return (
    <ErrorBoundary whenMissing={source}>
      <Suspense fallback={source}>
        <KatexFormula tex={tex} isDisplay={isDisplay} />
      </Suspense>
    </ErrorBoundary>
  );
});
