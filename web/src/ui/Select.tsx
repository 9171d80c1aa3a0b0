import { Check, ChevronDown } from "lucide-react";
import {
  Button as AriaButton,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Select as AriaSelect,
  SelectValue,
  Text,
} from "react-aria-components";
import { useFieldError } from "./fieldErrors";
import { Popover } from "./Popover";

interface Props<Option extends string> {
  label: string;
  /** The label is read out only: what is chosen says enough. */
  isLabelHidden?: boolean;
  name?: string;
  hint?: string;
  value: Option;
  /** What can be chosen, and how it is shown. */
  options: Partial<Record<Option, string>>;
  onChange: (value: Option) => void;
  isDisabled?: boolean;
}

// A key of a list may not be empty, a value may.
const NONE = "\0";

/** One of several. */
export function Select<Option extends string>({
  label,
  isLabelHidden = false,
  name,
  hint,
  value,
  options,
  onChange,
  isDisabled,
}: Props<Option>) {
  const error = useFieldError(name);
  return (
    <AriaSelect
      aria-label={isLabelHidden ? label : undefined}
      value={value || NONE}
      onChange={(key) => onChange((key === NONE ? "" : key) as Option)}
      isDisabled={isDisabled}
      isInvalid={error !== undefined}
      className="flex min-w-0 flex-col gap-1.5"
    >
      {!isLabelHidden && <Label className="text-label">{label}</Label>}
      <AriaButton className="control flex cursor-pointer items-center justify-between gap-2 text-start disabled:cursor-default">
        <SelectValue className="min-w-0 truncate" />
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-text-3" />
      </AriaButton>
      {hint !== undefined && (
        <Text slot="description" className="text-small text-text-3">
          {hint}
        </Text>
      )}
      <FieldError className="text-label font-[450] text-bad">{error}</FieldError>
      <Popover className="max-h-80 min-w-(--trigger-width)">
        <ListBox className="outline-none">
          {Object.entries<string | undefined>(options).map(([option, text = option]) => (
            <ListBoxItem
              key={option}
              id={option || NONE}
              textValue={text}
              className="flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-icon px-2.5 py-1.5 outline-none focused:bg-hover pointer-coarse:min-h-11"
            >
              {({ isSelected }) => (
                <>
                  <span className="min-w-0 break-words">{text}</span>
                  {isSelected && <Check aria-hidden="true" className="size-4 shrink-0" />}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
