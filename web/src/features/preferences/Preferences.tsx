import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UpdatePreferences } from "../../api/generated";
import { problemOf } from "../../api/problem";
import { type Language, languages } from "../../lib/i18n";
import { Failed } from "../../ui/Failed";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { useGetPreferencesQuery, useUpdatePreferencesMutation } from "./preferencesApi";

const NAMES = Object.fromEntries(Object.entries(languages).map(([code, { name }]) => [code, name])) as Record<
  Language,
  string
>;

/** How the client looks and behaves for a person; each choice is saved at once, for every device. */
export function Preferences() {
  const { t } = useTranslation();
  const { data } = useGetPreferencesQuery();
  const [update, { error }] = useUpdatePreferencesMutation();
  const change = (updatePreferences: UpdatePreferences) => void update({ updatePreferences });
  // Not every browser has them, and each asks the person as well.
  const [permission, setPermission] = useState(() =>
    "Notification" in globalThis ? Notification.permission : "denied",
  );
  const isAllowed = permission === "granted";

  async function notify(isWanted: boolean) {
    if (isWanted && permission === "default") {
      setPermission(await Notification.requestPermission());
    }
    change({ notify_answers: isWanted });
  }

  return (
    <div className="flex max-w-form flex-col gap-5">
      {error !== undefined && <Failed problem={problemOf(error)} />}
      <Select
        label={t("preferences.theme")}
        value={data?.theme ?? "system"}
        options={{ system: t("preferences.system"), light: t("preferences.light"), dark: t("preferences.dark") }}
        onChange={(theme) => change({ theme })}
      />
      <Select
        label={t("preferences.language")}
        value={data?.language ?? ""}
        options={{ "": t("preferences.deviceLanguage"), ...NAMES }}
        onChange={(language) => change({ language: language === "" ? null : language })}
      />
      <Switch
        label={t("preferences.sendOnEnter")}
        isSelected={data?.send_on_enter ?? true}
        onChange={(send_on_enter) => change({ send_on_enter })}
      />
      <Switch
        label={t("preferences.notifyAnswers")}
        // Before one has asked there is nothing to explain.
        hint={
          permission === "denied" && data?.notify_answers === true ? t("preferences.notificationsBlocked") : undefined
        }
        isSelected={isAllowed && data?.notify_answers === true}
        onChange={(isWanted) => void notify(isWanted)}
      />
    </div>
  );
}
