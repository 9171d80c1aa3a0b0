import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import type { Choice } from "./sections";
import type { Answerer } from "./useAnswerer";
import { useModelPreferences } from "./useModelPreferences";

interface Props {
  answerer: Answerer;
  onChoose: (choice: Choice) => void;
}

/** Says before anything is sent that the chosen model cannot answer, and offers the default one. */
export function ModelMissing({ answerer: { missing, models }, onChoose }: Props) {
  const { t } = useTranslation();
  const { defaultModel } = useModelPreferences();
  if (missing === undefined) {
    return null;
  }
  const substitute = models.find(({ id }) => id === defaultModel) ?? models.find((model) => model.default);
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 px-4 text-ui text-text-2">
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warn" />
      {t("model.unavailable", { model: missing })}
      {substitute !== undefined && (
        <Button look="quiet" className="min-h-8! px-2!" onPress={() => onChoose({ model: substitute.id })}>
          {t("model.use", { model: substitute.built_in ? t("model.guide") : substitute.name })}
        </Button>
      )}
    </p>
  );
}
