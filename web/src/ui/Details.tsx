import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "./Disclosure";

/** What only some want to know of a failure, folded away. */
export function Details({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Disclosure title={t("app.details")}>
      <div className="text-small break-words text-text-2">{children}</div>
    </Disclosure>
  );
}
