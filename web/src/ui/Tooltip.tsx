import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import { Kbd } from "./Kbd";

interface Props {
  text: string;
  /** The keys that do the same. */
  keys?: string;
  children: ReactElement;
}

/** Explains an icon on hover and on keyboard focus. */
export function Tooltip({ text, keys, children }: Props) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      {children}
      <AriaTooltip
        offset={6}
        className="flex max-w-64 items-center gap-2 rounded-icon bg-text px-2.5 py-1.5 text-small text-bg shadow-popover"
      >
        {text}
        {keys !== undefined && <Kbd keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
