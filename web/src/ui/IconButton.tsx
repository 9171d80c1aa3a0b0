import type { LucideIcon } from "lucide-react";
import { type ButtonProps, Button as AriaButton } from "react-aria-components";
import { Tooltip } from "./Tooltip";

const looks = {
  quiet: "text-text-3 hovered:bg-hover hovered:text-text pressed:bg-active",
  accent: "bg-accent text-white hovered:bg-accent-hover",
  idle: "bg-active text-text-3",
};

const sizes = {
  small: "size-8 rounded-icon [&_svg]:size-4",
  medium: "size-9 rounded-icon [&_svg]:size-[18px]",
  round: "size-9 rounded-full [&_svg]:size-[19px]",
};

interface Props extends Omit<ButtonProps, "className" | "children" | "aria-label"> {
  /** What it does: its name, and its tooltip. */
  label: string;
  icon: LucideIcon;
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** The tooltip, where it says more than the name. */
  tooltip?: string;
  /** The keys that do the same. */
  keys?: string;
  className?: string;
}

/** A button that is an icon, named by its tooltip. A finger gets 44 pixels. */
export function IconButton({
  label,
  icon: Icon,
  look = "quiet",
  size = "small",
  tooltip,
  keys,
  className = "",
  ...props
}: Props) {
  return (
    <Tooltip text={tooltip ?? label} keys={keys}>
      <AriaButton
        {...props}
        aria-label={label}
        className={`touch-target inline-flex shrink-0 cursor-pointer items-center justify-center transition-colors disabled:cursor-default disabled:opacity-40 ${looks[look]} ${sizes[size]} ${className}`}
      >
        <Icon aria-hidden="true" strokeWidth={1.9} className="rtl:data-mirrored:-scale-x-100" />
      </AriaButton>
    </Tooltip>
  );
}
