import { type ButtonProps, Button as Pressable } from "react-aria-components";

const looks = {
  primary: "bg-indigo-600 text-white data-hovered:bg-indigo-700",
  plain: "border border-line data-hovered:bg-hover",
  quiet: "data-hovered:bg-hover",
  danger: "bg-red-700 text-white data-hovered:bg-red-800",
};

interface Props extends ButtonProps {
  look?: keyof typeof looks;
}

/** A button that says with `look` how much it matters. */
export function Button({ look = "plain", className, ...props }: Props) {
  const own = typeof className === "string" ? className : "";
  return (
    <Pressable
      {...props}
      className={`inline-flex min-h-9 cursor-pointer items-center justify-center gap-2 rounded-lg px-3 py-1.5 text-sm font-medium data-disabled:cursor-default data-disabled:opacity-50 data-pending:cursor-default data-pending:opacity-50 ${looks[look]} ${own}`}
    />
  );
}
