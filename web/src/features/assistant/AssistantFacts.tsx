import { useTranslation } from "react-i18next";
import { useModelName } from "../../hooks/useModelName";
import { Facts } from "../../ui/Facts";
import { type Assistant, useListModelsQuery } from "./assistantApi";

/** An assistant as those see it who may use it and not change it. */
export function AssistantFacts({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const nameOf = useModelName();
  const { data: models } = useListModelsQuery({});
  const standard = models?.items.find((model) => model.default)?.id;
  const unnamed =
    standard === undefined ? t("assistant.defaultModel") : t("assistant.defaultModelNow", { model: nameOf(standard) });
  const facts: [string, string | undefined | null][] = [
    [t("assistant.model"), assistant.model == null ? unnamed : nameOf(assistant.model)],
    [t("assistant.visibility"), t(assistant.visibility === "everyone" ? "assistant.everyone" : "assistant.private")],
    [t("assistant.temperature"), assistant.temperature?.toString()],
    [t("assistant.maxTokens"), assistant.max_output_tokens?.toString()],
    [t("assistant.instructions"), assistant.instructions],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] != null && fact[1] !== "");
  return <Facts facts={known} />;
}
