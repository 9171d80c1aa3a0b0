import { Plug } from "lucide-react";
import { RadioButton, RadioField, RadioGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Tile } from "../../ui/Tile";
import { CUSTOM, PRESETS } from "./presets";

interface Props {
  chosen: string;
  onChoose: (id: string) => void;
}

/** Which provider is connected. */
export function PresetTiles({ chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const tiles = [...PRESETS, { id: CUSTOM, title: t("provider.custom"), mark: undefined }];
  return (
    <RadioGroup
      aria-label={t("provider.which")}
      value={chosen}
      onChange={onChoose}
      className="grid auto-rows-fr grid-cols-2 gap-2 sm:grid-cols-4"
    >
      {tiles.map(({ id, title, mark }) => (
        <RadioField key={id} value={id} className="flex last:col-span-2">
          <RadioButton className="flex min-h-12 flex-1 cursor-pointer items-center gap-2.5 rounded-frame border border-line px-3 py-2 transition-colors hovered:bg-hover focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-accent selected:border-accent selected:bg-accent-soft">
            <Tile look="plain" icon={id === CUSTOM ? Plug : undefined} name={title} mark={mark} />
            <span className="min-w-0 font-[560] break-words">{title}</span>
          </RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}
