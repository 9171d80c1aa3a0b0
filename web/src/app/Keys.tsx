import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Kbd } from "../ui/Kbd";

/** What the shell and the composer listen to, in the order in which it is needed. */
const KEYS = {
  "Mod K": "keys.palette",
  "Mod Shift O": "keys.newChat",
  "Mod B": "keys.sidebar",
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
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-ui">
        {Object.entries(KEYS).map(([key, text]) => (
          <div key={key} className="contents">
            <dt>
              <Kbd keys={key} />
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
