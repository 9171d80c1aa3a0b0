import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel } from "react-aria-components";
import { useTranslation } from "react-i18next";

/** What only some want to know, folded away. */
export function Details({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Disclosure className="group text-small text-text-2">
      <Button slot="trigger" className="flex cursor-pointer items-center gap-1 rounded-sm">
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 transition-transform group-expanded:rotate-90 rtl:-scale-x-100 rtl:group-expanded:-rotate-90"
        />
        {t("app.details")}
      </Button>
      <DisclosurePanel className="break-words">{children}</DisclosurePanel>
    </Disclosure>
  );
}
