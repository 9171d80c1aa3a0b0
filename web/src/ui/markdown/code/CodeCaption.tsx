import { Check, Copy, Download, WrapText } from "lucide-react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { saveText } from "../../../lib/save";
import { IconButton } from "../../IconButton";
import { useCopy } from "../../useCopy";
import { languageOf, wordOf } from "./languages";

export type View = "preview" | "code";

interface Props {
  id: string;
  code: string;
  info: string;
  /** Nothing where the code is all there is. */
  view: View | undefined;
  onView: (view: View) => void;
  isWrapped: boolean;
  onWrap: (isWrapped: boolean) => void;
}

/** The language of a code, and what can be done with it. */
export function CodeCaption({ id, code, info, view, onView, isWrapped, onWrap }: Props) {
  const { t } = useTranslation();
  const { hasCopied, copy } = useCopy();
  const language = languageOf(info);
  return (
    <figcaption>
      <span id={id} className="code-language">
        {language?.name ?? (wordOf(info) || t("markdown.code"))}
      </span>
      {view !== undefined && (
        <ToggleButtonGroup
          aria-label={t("markdown.view")}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={(keys) => onView(keys.has("preview") ? "preview" : "code")}
          className="segments"
        >
          <ToggleButton id="preview">{t("markdown.preview")}</ToggleButton>
          <ToggleButton id="code">{t("markdown.code")}</ToggleButton>
        </ToggleButtonGroup>
      )}
      <span className="code-actions">
        {view !== "preview" && (
          <IconButton
            label={t("markdown.wrapLines")}
            icon={WrapText}
            aria-pressed={isWrapped}
            onPress={() => onWrap(!isWrapped)}
          />
        )}
        <IconButton
          label={t("markdown.download")}
          icon={Download}
          onPress={() => saveText(code, `code.${language?.extension ?? "txt"}`)}
        />
        <IconButton
          label={hasCopied ? t("message.copied") : t("message.copyCode")}
          icon={hasCopied ? Check : Copy}
          onPress={() => void copy(code)}
        />
      </span>
    </figcaption>
  );
}
