import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

const KEYS = {
  "Ctrl K / ⌘ K": "keys.palette",
  "/": "keys.search",
  "?": "keys.help",
  Enter: "keys.send",
  "Shift Enter": "keys.line",
  Esc: "keys.close",
} as const;

/** What can be done by keyboard. */
export default function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("keys.keys")} isOpen onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        {Object.entries(KEYS).map(([key, text]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-side px-2 py-0.5">{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Button className="self-end" onPress={onClose}>
        {t("app.close")}
      </Button>
    </Dialog>
  );
}
