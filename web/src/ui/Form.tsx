import { type ReactNode, useState } from "react";
import { Form as AriaForm } from "react-aria-components";
import { useTranslation } from "react-i18next";
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

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The fields that must not stay empty, and have. */
function emptyFields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("[aria-required=true]")].filter(
    ({ name, value }) => name !== "" && value.trim() === "",
  );
}

/** Fields, and what is wrong with them. The server decides; the browser asks only for what is missing, and for all of
 * that at once. */
export function Form({ id, label, errors, onSubmit, children }: Props) {
  const { t } = useTranslation("problems");
  const [missing, setMissing] = useState<string[]>([]);
  const absent = Object.fromEntries(missing.map((name) => [name, t("missing")]));
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
        const empty = emptyFields(event.currentTarget);
        setMissing(empty.map(({ name }) => name));
        if (empty.length === 0) {
          onSubmit();
        } else {
          empty[0]?.focus();
        }
      }}
    >
      <FieldErrors value={{ ...errors, ...absent }}>{children}</FieldErrors>
    </AriaForm>
  );
}
