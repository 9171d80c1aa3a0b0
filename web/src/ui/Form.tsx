import type { ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components";
import { FieldErrors } from "./fieldErrors";

interface Props {
  id?: string;
  label?: string;
  /** What the server has refused, by the name of the field. It stays until the form is sent again: an error that went
   * when its field is left would move the button away below the pointer. */
  errors: Record<string, string> | undefined;
  onSubmit: () => void;
  children: ReactNode;
}

/** Fields, and what is wrong with them. The server decides; the browser asks only for what is missing. */
export function Form({ id, label, errors, onSubmit, children }: Props) {
  return (
    <AriaForm
      id={id}
      aria-label={label}
      className="flex w-full max-w-form flex-col gap-5"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog that a form opens may hold a form of its own, which bubbles through React's tree.
        event.stopPropagation();
        onSubmit();
      }}
    >
      <FieldErrors value={errors ?? {}}>{children}</FieldErrors>
    </AriaForm>
  );
}
