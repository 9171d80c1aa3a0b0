import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Alert } from "./Alert";
import { Button } from "./Button";
import { Failed } from "./Failed";
import { Form } from "./Form";
import { SaveBar } from "./SaveBar";
import { toast } from "./Toast";

interface Props {
  /** What `useResourceForm` gives. */
  form: {
    submit: () => Promise<boolean>;
    isDirty: boolean;
    isOutdated: boolean;
    reload: () => void;
    reset: () => void;
    busy: boolean;
    problem?: { code: string; detail: string; request_id?: string; errors: unknown[] };
    errors?: Record<string, string>;
  };
  label: string;
  /** The button of a form that creates something. Without it, a bar offers to save what has changed. */
  action?: string;
  children: ReactNode;
}

/** A form that creates or edits something: its fields, what is wrong, and how it is saved. */
export function ResourceForm({ form, label, action, children }: Props) {
  const { t } = useTranslation();
  const id = useId();

  async function submit() {
    if ((await form.submit()) && action === undefined) {
      toast(t("app.saved"));
    }
  }

  return (
    <>
      {form.isOutdated && (
        <Alert>
          <span className="flex flex-wrap items-center justify-between gap-2">
            {t("app.changedMeanwhile")}
            <Button onPress={form.reload}>{t("app.loadNewer")}</Button>
          </span>
        </Alert>
      )}
      <Form id={id} label={label} errors={form.errors} onSubmit={() => void submit()}>
        {form.problem !== undefined && form.problem.errors.length === 0 && <Failed problem={form.problem} />}
        {children}
        {action !== undefined && (
          <Button type="submit" look="primary" className="self-start" isPending={form.busy}>
            {action}
          </Button>
        )}
      </Form>
      {action === undefined && form.isDirty && <SaveBar form={id} isPending={form.busy} onDiscard={form.reset} />}
    </>
  );
}
