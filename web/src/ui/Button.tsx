import { type ButtonProps, Button as Pressable } from "react-aria-components";

const looks = {
  primary: "bg-indigo-600 text-white data-hovered:bg-indigo-700",
  plain: "border border-line data-hovered:bg-hover",
  quiet: "data-hovered:bg-hover",
  danger: "bg-red-700 text-white data-hovered:bg-red-800",
};

interface Props extends ButtonProps {
  look?: keyof typeof looks;
  /** What it does is being done: it does not begin again, and keeps the focus all the same. */
  isPending?: boolean;
}

/** A button that says with `look` how much it matters. */
export function Button({ look = "plain", className, isPending = false, type, onPress, ...props }: Props) {
  const own = typeof className === "string" ? className : "";
  const dimmed = isPending ? "opacity-50" : "";
  return (
    <Pressable
      {...props}
      type={isPending ? "button" : type}
      aria-disabled={isPending || undefined}
      onPress={isPending ? undefined : onPress}
      className={`inline-flex min-h-9 cursor-pointer items-center justify-center gap-2 rounded-lg px-3 py-1.5 text-sm font-medium data-disabled:cursor-default data-disabled:opacity-50 ${looks[look]} ${dimmed} ${own}`}
    />
  );
}
