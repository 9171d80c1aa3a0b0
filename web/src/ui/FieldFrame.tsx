import type { ReactNode } from "react";
import { FieldError, Label, Text, TextField, type TextFieldProps } from "react-aria-components";
import { useFieldError } from "./fieldErrors";

export interface FieldFrameProps extends TextFieldProps {
  label: string;
  hint?: string;
}

/** The frame of a text field: its label, a hint and its error. */
export function FieldFrame({ label, hint, children, ...props }: FieldFrameProps & { children: ReactNode }) {
  const error = useFieldError(props.name);
  return (
    <TextField {...props} isInvalid={error !== undefined} className="flex flex-col gap-1.5">
      <Label className="text-label">{label}</Label>
      {children}
      {hint !== undefined && error === undefined && (
        <Text slot="description" className="text-small text-text-3">
          {hint}
        </Text>
      )}
      <FieldError className="text-label font-[450] text-bad">{error}</FieldError>
    </TextField>
  );
}
