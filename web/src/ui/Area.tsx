import { FieldError, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";
import { useFieldError } from "./fieldErrors";

interface Props extends TextFieldProps {
  label: string;
  hint?: string;
  rows?: number;
}

/** Several lines of text with their label, a hint, and what is wrong with them. */
export function Area({ label, hint, rows = 4, ...props }: Props) {
  const error = useFieldError(props.name);
  return (
    <TextField {...props} isInvalid={error !== undefined} className="flex flex-col gap-1">
      <Label className="text-sm font-medium">{label}</Label>
      <TextArea
        rows={rows}
        className="rounded-lg border border-line bg-page px-3 py-2 text-sm data-invalid:border-red-600"
      />
      {hint !== undefined && (
        <Text slot="description" className="text-xs text-faint">
          {hint}
        </Text>
      )}
      <FieldError className="text-sm text-red-700 dark:text-red-300">{error}</FieldError>
    </TextField>
  );
}
