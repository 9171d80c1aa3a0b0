import { SwitchButton, SwitchField } from "react-aria-components";

interface Props {
  label: string;
  /** The label is read out only: the row says what it is about. */
  isLabelHidden?: boolean;
  hint?: string;
  isSelected: boolean;
  isDisabled?: boolean;
  onChange: (isSelected: boolean) => void;
}

/** Something that is on or off, at once. */
export function Switch({ label, isLabelHidden = false, hint, ...props }: Props) {
  return (
    <SwitchField {...props} aria-label={isLabelHidden ? label : undefined}>
      <SwitchButton className="group flex min-h-8 cursor-pointer items-center justify-between gap-4 disabled:cursor-default disabled:opacity-50 pointer-coarse:min-h-11">
        {!isLabelHidden && (
          <span className="flex min-w-0 flex-col">
            {label}
            {hint !== undefined && <span className="text-small text-text-3">{hint}</span>}
          </span>
        )}
        <span className="flex h-5 w-[34px] shrink-0 items-center rounded-full bg-field p-0.5 transition-colors group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-accent group-selected:bg-accent">
          <span className="size-4 rounded-full bg-white transition-transform group-selected:translate-x-3.5 rtl:group-selected:-translate-x-3.5" />
        </span>
      </SwitchButton>
    </SwitchField>
  );
}
