import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Disclosure as AriaDisclosure, DisclosurePanel } from "react-aria-components";

/** Details that are shown when they are asked for. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AriaDisclosure className="group flex flex-col gap-2">
      <Button
        slot="trigger"
        className="touch-target flex w-fit cursor-pointer items-center gap-1 rounded-icon text-label text-text-2 hovered:text-text"
      >
        <ChevronRight
          aria-hidden="true"
          className="size-4 transition-transform group-data-expanded:rotate-90 rtl:-scale-x-100"
        />
        {title}
      </Button>
      <DisclosurePanel>
        <div className="flex flex-col gap-3">{children}</div>
      </DisclosurePanel>
    </AriaDisclosure>
  );
}
