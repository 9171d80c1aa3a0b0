import { useTranslation } from "react-i18next";

/** Whether a task of a list is done. It only says so: the text is not changed by it. */
export function Checkbox({ isChecked }: { isChecked: boolean }) {
  const { t } = useTranslation();
  return (
    <input
      type="checkbox"
      checked={isChecked}
      readOnly
      aria-readonly="true"
      tabIndex={-1}
      aria-label={t(isChecked ? "markdown.done" : "markdown.toDo")}
    />
  );
}
