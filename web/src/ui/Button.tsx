import type { ReactNode } from "react";
import { type ButtonProps, Button as AriaButton } from "react-aria-components";

const looks = {
  primary: "bg-accent text-white hovered:bg-accent-hover",
  plain: "border border-line-strong bg-bg hovered:bg-hover pressed:bg-active",
  quiet: "text-text-2 hovered:bg-hover hovered:text-text pressed:bg-active",
  danger: "bg-bad-solid text-white hovered:opacity-90",
};

/** How a button looks; links that matter as much as a button look the same. */
export function buttonClass(look: keyof typeof looks): string {
  return `inline-flex min-h-9 cursor-pointer items-center justify-center gap-2 rounded-button px-3.5 py-1.5 text-ui font-[560] transition-colors disabled:cursor-default disabled:opacity-50 [&_svg]:size-[17px] [&_svg]:shrink-0 ${looks[look]}`;
}

interface Props extends Omit<ButtonProps, "className" | "children"> {
  look?: keyof typeof looks;
  className?: string;
  children?: ReactNode;
  /** Its action is running: it does not start again, and keeps the focus all the same. */
  isPending?: boolean;
}

/** A button; `look` says how much it matters. */
export function Button({ look = "plain", className = "", isPending = false, type, onPress, ...props }: Props) {
  return (
    <AriaButton
      {...props}
      type={isPending ? "button" : type}
      aria-disabled={isPending || undefined}
      onPress={isPending ? undefined : onPress}
      className={`${buttonClass(look)} ${isPending ? "opacity-50" : ""} ${className}`}
    />
  );
}
