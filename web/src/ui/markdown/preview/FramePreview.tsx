import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useIsDark } from "../../../hooks/useIsDark";
import { isReport, type Show } from "../../../preview/messages";
import { Alert } from "../../Alert";

/** In pixels. What is higher scrolls in its frame. */
const LOWEST = 48;
const HIGHEST = 640;

interface Props {
  path: string;
  source: string;
  /** Whether it is a page, on white; a drawing has the background of the code. */
  hasOwnGround: boolean;
}

/** A frame without an origin: it gets a source to show, and tells its height and what went wrong. */
export function FramePreview({ path, source, hasOwnGround }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLIFrameElement>(null);
  const isDark = useIsDark();
  const [isReady, setReady] = useState(false);
  const [height, setHeight] = useState<number>();
  const [failure, setFailure] = useState<string>();

  useEffect(() => {
    const receive = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.current?.contentWindow || !isReport(event.data)) {
        return;
      }
      if (event.data.type === "ready") {
        setReady(true);
      } else if (event.data.type === "height") {
        setHeight(Math.min(HIGHEST, Math.max(LOWEST, event.data.height)));
      } else {
        setFailure(event.data.message);
      }
    };
    window.addEventListener("message", receive);
    return () => window.removeEventListener("message", receive);
  }, []);

  useEffect(() => {
    if (isReady) {
      const message: Show = { type: "show", source, isDark };
      frame.current?.contentWindow?.postMessage(message, "*");
    }
  }, [isReady, source, isDark]);

  if (failure !== undefined) {
    return (
      <>
        <div className="p-3">
          <Alert>{t("markdown.previewFailed", { reason: failure })}</Alert>
        </div>
        <pre>
          <code>{source}</code>
        </pre>
      </>
    );
  }
  return (
    <iframe
      ref={frame}
      src={path}
      title={t("markdown.preview")}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      className={`block w-full ${hasOwnGround ? "bg-white" : ""}`}
      style={{
        height: height ?? (hasOwnGround ? HIGHEST / 2 : HIGHEST / 4),
        colorScheme: isDark && !hasOwnGround ? "dark" : "light",
      }}
    />
  );
}
