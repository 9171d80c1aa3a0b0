import { Check, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { IconButton } from "../../ui/IconButton";
import { useListKnowledgeBasesQuery, useListProvidersQuery, useListUsersQuery } from "./onboardingApi";
import type { useNotes } from "./useNotes";

/** What an administrator does first; it is gone once all of it is done, or at request. */
export function FirstSteps({ notes }: { notes: ReturnType<typeof useNotes> }) {
  const { t } = useTranslation();
  const { isMasterKeySaved, isDismissed, note } = notes;
  const skip = { skip: isDismissed };
  const { data: providers } = useListProvidersQuery(undefined, skip);
  const { data: users } = useListUsersQuery({ limit: 2 }, skip);
  const { data: bases } = useListKnowledgeBasesQuery({ limit: 1 }, skip);
  if (isDismissed || providers === undefined || users === undefined || bases === undefined) {
    return null;
  }
  const steps = [
    {
      id: "model",
      isDone: providers.items.some(({ health }) => health === "ok"),
      // Nothing else is of use before it.
      action: <Go to="/connect" text={t("onboarding.model.action")} look="primary" />,
    },
    {
      id: "people",
      isDone: users.items.length > 1,
      action: <Go to="/admin/users" text={t("onboarding.people.action")} />,
    },
    {
      id: "masterKey",
      isDone: isMasterKeySaved,
      action: <Button onPress={() => note({ isMasterKeySaved: true })}>{t("onboarding.masterKey.action")}</Button>,
    },
    {
      id: "knowledge",
      isDone: bases.items.length > 0,
      action: <Go to="/knowledge/new" text={t("onboarding.knowledge.action")} />,
    },
  ] as const;
  const done = steps.filter(({ isDone }) => isDone).length;
  if (done === steps.length) {
    return null;
  }
  return (
    <section
      aria-labelledby="first-steps"
      className="flex flex-col gap-1 rounded-card border border-line bg-raised p-4"
    >
      <div className="flex items-center justify-between gap-3">
        <h2 id="first-steps" className="text-section">
          {t("onboarding.title")}{" "}
          <span className="text-small font-[450] text-text-3">
            {t("onboarding.progress", { done, count: steps.length })}
          </span>
        </h2>
        <IconButton label={t("onboarding.dismiss")} icon={X} onPress={() => note({ isDismissed: true })} />
      </div>
      <ol className="flex flex-col">
        {steps.map(({ id, isDone, action }) => (
          <Step key={id} title={t(`onboarding.${id}.title`)} hint={t(`onboarding.${id}.hint`)} isDone={isDone}>
            {action}
          </Step>
        ))}
      </ol>
    </section>
  );
}

function Go({ to, text, look = "plain" }: { to: string; text: string; look?: "primary" | "plain" }) {
  return (
    <ButtonLink to={to} look={look}>
      {text}
    </ButtonLink>
  );
}

interface StepProps {
  title: string;
  hint: string;
  isDone: boolean;
  /** How it is done. */
  children: ReactNode;
}

function Step({ title, hint, isDone, children }: StepProps) {
  const { t } = useTranslation();
  return (
    <li
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 py-1.5 not-first:border-t not-first:border-line ${isDone ? "" : "min-h-13"}`}
    >
      <span
        aria-hidden="true"
        className={`flex size-5 shrink-0 items-center justify-center rounded-full ${isDone ? "bg-accent text-white" : "border border-field"}`}
      >
        {isDone && <Check strokeWidth={3} className="size-3" />}
      </span>
      <span className="flex min-w-0 flex-1 basis-60 flex-col">
        <span className={isDone ? "text-text-2" : "font-[560]"}>
          {title}
          {isDone && <span className="sr-only"> ({t("onboarding.done")})</span>}
        </span>
        {!isDone && <span className="text-small text-text-3">{hint}</span>}
      </span>
      {!isDone && children}
    </li>
  );
}
