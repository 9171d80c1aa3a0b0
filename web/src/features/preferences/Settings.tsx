import { useTranslation } from "react-i18next";
import type { UpdatePreferences } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Window } from "../../ui/Window";
import { useGetPreferencesQuery, useUpdatePreferencesMutation } from "./preferencesApi";

/** How a person wants to be served; each choice is kept at once, for every device. */
export function Settings({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useGetPreferencesQuery({});
  const [update, { error }] = useUpdatePreferencesMutation();
  const change = (updatePreferences: UpdatePreferences) => void update({ updatePreferences });
  return (
    <Window title={t("preferences.settings")} isOpen={isOpen} onClose={onClose}>
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
      <Choice
        label={t("preferences.theme")}
        value={data?.theme ?? "system"}
        options={{ system: t("preferences.system"), light: t("preferences.light"), dark: t("preferences.dark") }}
        onChange={(theme) => change({ theme: theme as UpdatePreferences["theme"] })}
      />
      <Choice
        label={t("preferences.language")}
        value={data?.language ?? ""}
        options={{ "": t("preferences.deviceLanguage"), de: "Deutsch", en: "English" }}
        onChange={(language) => change({ language: language === "" ? null : (language as "de" | "en") })}
      />
      <label className="flex items-center justify-between gap-4 text-sm">
        <span>{t("preferences.sendOnEnter")}</span>
        <input
          type="checkbox"
          className="size-5"
          checked={data?.send_on_enter ?? true}
          onChange={(event) => change({ send_on_enter: event.target.checked })}
        />
      </label>
      <Button className="self-end" onPress={onClose}>
        {t("preferences.close")}
      </Button>
    </Window>
  );
}
