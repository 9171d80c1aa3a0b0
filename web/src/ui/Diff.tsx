import { useTranslation } from "react-i18next";
import { lineDiff } from "../lib/lineDiff";

const looks = {
  same: "text-text-2",
  added: "bg-good/10 text-text",
  removed: "bg-bad-soft text-text-2 line-through decoration-bad/60",
};
const marks = { same: " ", added: "+", removed: "−" };

/** What has changed in a text, line by line. */
export function Diff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  const names = { same: undefined, added: t("app.added"), removed: t("app.removed") };
  return (
    <ul className="max-h-80 overflow-y-auto rounded-frame border border-line py-1.5 text-label font-[450]">
      {lineDiff(before, after).map(({ kind, text }, line) => (
        <li key={line} className={`flex gap-2 px-3 py-0.5 ${looks[kind]}`}>
          <span aria-hidden="true" className="w-3 shrink-0 text-center font-mono">
            {marks[kind]}
          </span>
          {names[kind] !== undefined && <span className="sr-only">{names[kind]}</span>}
          <span dir="auto" className="min-w-0 break-words whitespace-pre-wrap">
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
