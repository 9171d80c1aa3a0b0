import type { ReactNode } from "react";
import { Check } from "./Check";

interface Props {
  label: string;
  items: { id: string; name: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  /** What is said below them. */
  children?: ReactNode;
}

/** Any of several. */
export function Checks({ label, items, chosen, onChange, children }: Props) {
  return (
    <fieldset className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <legend className="px-1 text-sm font-medium">{label}</legend>
      {items.map(({ id, name }) => (
        <Check
          key={id}
          label={name}
          isChecked={chosen.includes(id)}
          onChange={(isChosen) => onChange(isChosen ? [...chosen, id] : chosen.filter((other) => other !== id))}
        />
      ))}
      {children}
    </fieldset>
  );
}
