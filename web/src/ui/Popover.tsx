import { type PopoverProps, Popover as AriaPopover } from "react-aria-components";

interface Props extends Omit<PopoverProps, "className"> {
  className?: string;
}

/** What opens beside a button: a menu, a list to choose from. */
export function Popover({ className = "", ...props }: Props) {
  return (
    <AriaPopover
      offset={6}
      {...props}
      className={`overflow-auto rounded-popover border border-line bg-raised p-1.5 shadow-popover outline-none ${className}`}
    />
  );
}
