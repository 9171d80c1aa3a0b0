import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Alert } from "../../Alert";

/** A drawing, as a picture: in one, nothing acts and nothing is loaded. */
export function SvgPreview({ source }: { source: string }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState<string>();
  if (failed === source) {
    return (
      <>
        <div className="p-3">
          <Alert>{t("markdown.previewFailed", { reason: t("markdown.invalidSvg") })}</Alert>
        </div>
        <pre>
          <code>{source}</code>
        </pre>
      </>
    );
  }
  return (
    <div className="flex justify-center overflow-x-auto bg-white p-4">
      <img
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(withNamespace(source.trim()))}`}
        alt={t("markdown.preview")}
        className="max-h-[40rem] max-w-full"
        onError={() => setFailed(source)}
      />
    </div>
  );
}

/** A picture needs it; what is written into a page does not. */
function withNamespace(source: string): string {
  return /<svg[^>]*\sxmlns=/i.test(source)
    ? source
    : source.replace(/<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
}
