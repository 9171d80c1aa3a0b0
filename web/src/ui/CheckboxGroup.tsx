import type { ReactNode } from "react";
import { CheckboxGroup as AriaCheckboxGroup, Label } from "react-aria-components";
import { Checkbox } from "./Checkbox";

interface Props {
  label: string;
  items: { id: string; name: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  isDisabled?: boolean;
  /** What is said below them. */
  children?: ReactNode;
}

/** Any of several. */
export function CheckboxGroup({ label, items, chosen, onChange, isDisabled, children }: Props) {
  return (
    <AriaCheckboxGroup value={chosen} onChange={onChange} isDisabled={isDisabled} className="flex flex-col gap-1.5">
      <Label className="text-label">{label}</Label>
      {items.map(({ id, name }) => (
        <Checkbox key={id} value={id} label={name} />
      ))}
      {children}
    </AriaCheckboxGroup>
  );
}
