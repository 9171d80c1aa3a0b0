import { useTranslation } from "react-i18next";
import { Button } from "./Button";

interface Props {
  /** The id of the form that is saved. */
  form: string;
  isPending: boolean;
  onDiscard: () => void;
}

/** Shown at the bottom of the page while a form has unsaved changes. */
export function SaveBar({ form, isPending, onDiscard }: Props) {
  const { t } = useTranslation();
  return (
    <div
      role="group"
      aria-label={t("app.unsaved")}
      className="sticky bottom-4 z-10 flex w-full max-w-form flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-card border border-line-strong bg-raised py-2.5 ps-4 pe-2.5 shadow-raised"
    >
      <p role="status" className="text-ui text-text-2">
        {t("app.unsaved")}
      </p>
      <div className="flex gap-2">
        <Button look="quiet" onPress={onDiscard}>
          {t("app.discard")}
        </Button>
        <Button type="submit" form={form} look="primary" isPending={isPending}>
          {t("app.save")}
        </Button>
      </div>
    </div>
  );
}
