import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PartMissing } from "../lib/part";
import { Button } from "./Button";
import { Failed } from "./Failed";

interface Props {
  children: ReactNode;
  /** Where what is wrong is shown; in its own place else. */
  frame?: (broken: ReactNode) => ReactNode;
  /** What is shown where the code of the part cannot be had. */
  whenMissing?: ReactNode;
}

/** Contains an error: the part that failed is replaced by a message, the rest of the page keeps working. */
export class ErrorBoundary extends Component<Props, { error?: unknown; failed: boolean }> {
  override state = { failed: false, error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { failed: true, error };
  }

  override render() {
    const { children, frame, whenMissing } = this.props;
    if (!this.state.failed) {
      return children;
    }
    const isMissing = this.state.error instanceof PartMissing;
    if (isMissing && whenMissing !== undefined) {
      return whenMissing;
    }
    const broken = isMissing ? <Missing /> : <Broken onRetry={() => this.setState({ failed: false })} />;
    return frame === undefined ? broken : frame(broken);
  }
}

function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex-1 p-2">
      <Failed problem={{ detail: t("app.failed") }} onRetry={onRetry} />
    </div>
  );
}

/** Another try would find the same: only a fresh page may have it. */
function Missing() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-1 flex-col items-start gap-2 p-2">
      <p role="alert">{t("app.partMissing")}</p>
      <Button onPress={() => globalThis.location.reload()}>{t("app.reload")}</Button>
    </div>
  );
}
