import { Check } from "lucide-react";
import { CheckboxButton, CheckboxField } from "react-aria-components";

interface Props {
  label: string;
  value?: string;
  isSelected?: boolean;
  isDisabled?: boolean;
  onChange?: (isSelected: boolean) => void;
}

/** One of several that may all be chosen. */
export function Checkbox({ label, ...props }: Props) {
  return (
    <CheckboxField {...props}>
      <CheckboxButton className="group flex min-h-8 cursor-pointer items-center gap-2.5 disabled:cursor-default disabled:opacity-50 pointer-coarse:min-h-11">
        <span className="flex size-[18px] shrink-0 items-center justify-center rounded-[5px] border border-field group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-accent group-selected:border-accent group-selected:bg-accent">
          <Check aria-hidden="true" strokeWidth={3} className="hidden size-3.5 text-white group-selected:block" />
        </span>
        <span dir="auto" className="min-w-0 break-words">
          {label}
        </span>
      </CheckboxButton>
    </CheckboxField>
  );
}
