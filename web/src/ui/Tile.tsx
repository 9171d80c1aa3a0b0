import type { LucideIcon } from "lucide-react";

const sizes = {
  small: "size-6 rounded-icon text-[0.6875rem] [&_svg]:size-3.5",
  medium: "size-8 rounded-icon text-small [&_svg]:size-[17px]",
  large: "size-9 rounded-button text-label [&_svg]:size-5",
};

const looks = { accent: "bg-accent-soft text-accent-text", plain: "border border-line bg-bg text-text-2" };

interface Props {
  icon?: LucideIcon;
  /** Whose initials are shown where there is no icon. */
  name?: string;
  /** The letters that are shown instead. */
  mark?: string;
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  isRound?: boolean;
}

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 32).toLocaleUpperCase())
    .join("")
    .trim();
}

/** The small picture of a person, an assistant, a provider or a page. */
export function Tile({ icon: Icon, name = "", mark, look = "accent", size = "medium", isRound = false }: Props) {
  return (
    <span
      aria-hidden="true"
      className={`inline-flex shrink-0 items-center justify-center font-[640] select-none ${looks[look]} ${sizes[size]} ${isRound ? "rounded-full" : ""}`}
    >
      {Icon === undefined ? (mark ?? initials(name)) : <Icon strokeWidth={1.9} />}
    </span>
  );
}
