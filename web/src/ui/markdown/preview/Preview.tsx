import { FramePreview } from "./FramePreview";
import type { PreviewKind } from "./kinds";
import { SvgPreview } from "./SvgPreview";

const PATHS = { mermaid: "/preview", html: "/preview/html" };

interface Props {
  kind: PreviewKind;
  source: string;
}

/** What a code looks like. */
export function Preview({ kind, source }: Props) {
  return kind === "svg" ? (
    <SvgPreview source={source} />
  ) : (
    <FramePreview key={source} path={PATHS[kind]} source={source} hasOwnGround={kind === "html"} />
  );
}
