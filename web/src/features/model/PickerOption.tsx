import { Bot, Check } from "lucide-react";
import type { ReactNode } from "react";
import { ListBoxItem, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/Badge";
import { Tile } from "../../ui/Tile";
import type { Assistant, Model } from "./modelApi";
import { OptionStar } from "./OptionStar";
import { contextText, type Option } from "./sections";

interface Props {
  option: Option;
  favorites: string[];
  onFavorite: (modelId: string) => void;
}

/** One line of the picker: who can answer, and what is known about them. */
export function PickerOption({ option, favorites, onFavorite }: Props) {
  return "assistant" in option ? (
    <AssistantOption id={option.key} assistant={option.assistant} />
  ) : (
    <ModelOption
      id={option.key}
      model={option.model}
      isFavorite={favorites.includes(option.model.id)}
      onFavorite={() => onFavorite(option.model.id)}
    />
  );
}

function AssistantOption({ id, assistant }: { id: string; assistant: Assistant }) {
  const { t } = useTranslation();
  const { name, description, is_default } = assistant;
  const details = is_default ? t("model.defaultAssistant") : description;
  return <Row id={id} name={name} details={details} tile={<Tile icon={Bot} size="small" />} />;
}

interface ModelOptionProps {
  id: string;
  model: Model;
  isFavorite: boolean;
  onFavorite: () => void;
}

function ModelOption({ id, model, isFavorite, onFavorite }: ModelOptionProps) {
  const { t } = useTranslation();
  const { name, provider, built_in, context_window, default: isDefault } = model;
  const details = [
    built_in ? t("model.builtIn") : provider,
    context_window == null ? "" : contextText(context_window),
    isDefault ? t("model.default") : "",
  ];
  return (
    <Row
      id={id}
      name={built_in ? t("model.guide") : name}
      details={details.filter((detail) => detail !== "").join(" · ")}
      tile={<Tile name={provider} look="plain" size="small" />}
    >
      {model.vision === true && <Badge>{t("model.vision")}</Badge>}
      {model.reasoning === true && <Badge>{t("model.thinks")}</Badge>}
      <OptionStar isFavorite={isFavorite} onPress={onFavorite} />
    </Row>
  );
}

interface RowProps {
  id: string;
  name: string;
  details: string;
  tile: ReactNode;
  children?: ReactNode;
}

function Row({ id, name, details, tile, children }: RowProps) {
  return (
    <ListBoxItem
      id={id}
      textValue={`${name} ${details}`}
      className="group flex min-h-[46px] cursor-pointer items-center gap-2.5 rounded-button px-2 py-1 outline-none focused:bg-hover"
    >
      {({ isSelected }) => (
        <>
          {tile}
          <span className="flex min-w-0 flex-1 flex-col">
            <Text slot="label" dir="auto" className="truncate text-ui font-[540]">
              {name}
            </Text>
            {details !== "" && (
              <Text slot="description" className="truncate text-[0.78125rem] leading-4 text-text-3">
                {details}
              </Text>
            )}
          </span>
          {children}
          {isSelected && <Check aria-hidden="true" className="size-[18px] shrink-0" />}
        </>
      )}
    </ListBoxItem>
  );
}
