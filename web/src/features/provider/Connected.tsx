import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "../../ui/ButtonLink";
import { DefaultModel } from "./DefaultModel";
import { type Provider, useListModelsQuery } from "./providerApi";

/** What was found at a provider that has just been connected, and which model answers from now on. */
export function Connected({ provider: { name } }: { provider: Provider }) {
  const { t } = useTranslation();
  const { data: models } = useListModelsQuery({});
  const count = models?.items.filter(({ provider }) => provider === name).length;
  return (
    <div className="flex flex-col gap-5">
      <p role="status" className="flex items-center gap-2.5">
        <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-good" />
        {count === undefined ? t("provider.ok") : t("provider.modelsFound", { count })}
      </p>
      <DefaultModel />
      <ButtonLink to="/">{t("provider.start")}</ButtonLink>
    </div>
  );
}
