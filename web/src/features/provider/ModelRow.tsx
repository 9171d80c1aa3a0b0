import { Ellipsis, Star } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { Badge } from "../../ui/Badge";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { Switch } from "../../ui/Switch";
import { Cell, Row } from "../../ui/Table";
import type { Model } from "./providerApi";

const ABILITIES = ["vision", "reasoning", "embedding"] as const;

interface Props {
  model: Model;
  /** The operator's configuration may have chosen another one for good. */
  mayBeDefault: boolean;
  onEnable: (isEnabled: boolean) => void;
  onDefault: () => void;
}

/** One model: what it can do, and whether people can choose it. */
export function ModelRow({ model, mayBeDefault, onEnable, onDefault }: Props) {
  const { t } = useTranslation();
  const { id, name, context_window: context } = model;
  const format = useFormat();
  const canAnswer = mayBeDefault && model.chat && model.enabled && !model.default;
  const abilities = ABILITIES.filter((ability) => model[ability] === true);
  return (
    <Row>
      <Cell>
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <span dir="ltr" className={`break-words ${model.enabled ? "font-[560]" : "text-text-3"}`}>
            {name}
          </span>
          {model.default && <Badge>{t("provider.default")}</Badge>}
        </span>
      </Cell>
      <Cell>{model.provider}</Cell>
      <Cell align="end">
        {context == null ? "–" : format.number(context, { notation: "compact", maximumFractionDigits: 0 })}
      </Cell>
      <Cell>
        {abilities.length > 0 && (
          <span className="flex flex-wrap gap-1">
            {abilities.map((ability) => (
              <Badge key={ability}>{t(`provider.can.${ability}`)}</Badge>
            ))}
          </span>
        )}
      </Cell>
      <Cell>
        <Switch
          label={t("provider.enableOf", { name: id })}
          isLabelHidden
          isSelected={model.enabled}
          onChange={onEnable}
        />
      </Cell>
      <Cell align="end" isPinned>
        <Menu
          label={t("provider.actionsOf", { name: id })}
          groups={[
            [
              {
                id: "default",
                label: t("provider.makeDefault"),
                icon: Star,
                isDisabled: !canAnswer,
                onAction: onDefault,
              },
            ],
          ]}
        >
          <IconButton label={t("provider.actionsOf", { name: id })} icon={Ellipsis} />
        </Menu>
      </Cell>
    </Row>
  );
}
