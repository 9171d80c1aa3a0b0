import {
  ComboBox as AriaComboBox,
  FieldError,
  Input,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
} from "react-aria-components";
import { useFieldError } from "./fieldErrors";
import { Popover } from "./Popover";

interface Props {
  label: string;
  name?: string;
  /** What is proposed: a name, and a second line that tells people of one name apart. */
  options: { id: string; name: string; detail: string }[];
  /** Whether proposals for what was typed are on their way. */
  isLoading?: boolean;
  value: string;
  onChange: (value: string) => void;
  onChoose: (id: string | undefined) => void;
}

/** A line of text, with proposals for it while it is typed. */
export function ComboBox({ label, name, options, isLoading = false, value, onChange, onChoose }: Props) {
  const error = useFieldError(name);
  const text = value.trim().toLowerCase();
  const fitting = options.filter((option) => `${option.name} ${option.detail}`.toLowerCase().includes(text));
  return (
    <AriaComboBox
      allowsCustomValue
      // Proposals come after what was typed: until then an empty list stays open for them.
      allowsEmptyCollection={isLoading}
      isInvalid={error !== undefined}
      inputValue={value}
      onInputChange={onChange}
      // What is typed is compared with both lines, above.
      defaultFilter={() => true}
      onChange={(key: Key | null) => onChoose(key === null ? undefined : String(key))}
      className="flex flex-col gap-1.5"
    >
      <Label className="text-label">{label}</Label>
      <Input dir="auto" className="control" />
      <FieldError className="text-label font-[450] text-bad">{error}</FieldError>
      <Popover className={fitting.length === 0 ? "invisible" : "max-h-72 w-(--trigger-width)"}>
        <ListBox items={fitting} className="outline-none">
          {(option) => (
            <ListBoxItem
              textValue={option.name}
              className="flex min-h-11 cursor-pointer flex-col justify-center rounded-icon px-2.5 py-1 outline-none focused:bg-hover"
            >
              <span dir="auto" className="truncate">
                {option.name}
              </span>
              <span className="truncate text-small text-text-3">{option.detail}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
