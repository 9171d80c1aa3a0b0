import type { ReactNode } from "react";
import { FieldError, Label, Text, TextField, type TextFieldProps } from "react-aria-components";
import { useFieldError } from "./fieldErrors";

export interface TextFrameProps extends TextFieldProps {
  label: string;
  hint?: string;
}

/** What stands around a text that is asked for: its label, a hint, and what is wrong with it. */
export function TextFrame({ label, hint, children, ...props }: TextFrameProps & { children: ReactNode }) {
  const error = useFieldError(props.name);
  return (
    <TextField {...props} isInvalid={error !== undefined} className="flex flex-col gap-1">
      <Label className="text-sm font-medium">{label}</Label>
      {children}
      {hint !== undefined && (
        <Text slot="description" className="text-xs text-faint">
          {hint}
        </Text>
      )}
      <FieldError className="text-sm text-red-700 dark:text-red-300">{error}</FieldError>
    </TextField>
  );
}
