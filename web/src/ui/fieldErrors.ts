import { createContext, useContext } from "react";

/** What the server has refused in a form, by the name of the field. */
export const FieldErrors = createContext<Record<string, string>>({});

export function useFieldError(name: string | undefined): string | undefined {
  return useContext(FieldErrors)[name ?? ""];
}
