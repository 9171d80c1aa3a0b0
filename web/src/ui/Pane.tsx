import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "./Failed";

interface Props {
  children: ReactNode;
}

/** A part of the page that fails alone: what went wrong in it stands in its place, the others go on. */
export class Pane extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Broken onRetry={() => this.setState({ failed: false })} /> : this.props.children;
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
