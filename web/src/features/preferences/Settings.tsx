import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { UpdatePreferences } from "../../api/generated";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { Switch } from "../../ui/Switch";
import { Select } from "../../ui/Select";
import { Dialog } from "../../ui/Dialog";
import { useGetPreferencesQuery, useUpdatePreferencesMutation } from "./preferencesApi";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  /** What else is settled here. */
  children?: ReactNode;
}

/** How a person wants to be served; each choice is kept at once, for every device. */
export function Settings({ isOpen, onClose, children }: Props) {
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
    <Dialog title={t("preferences.settings")} isOpen={isOpen} onClose={onClose}>
      {error !== undefined && <Alert>{wordsOf(error, t("app.unreachable"))}</Alert>}
      <Select
        label={t("preferences.theme")}
        value={data?.theme ?? "system"}
        options={{ system: t("preferences.system"), light: t("preferences.light"), dark: t("preferences.dark") }}
        onChange={(theme) => change({ theme: theme })}
      />
      <Select
        label={t("preferences.language")}
        value={data?.language ?? ""}
        options={{ "": t("preferences.deviceLanguage"), de: "Deutsch", en: "English" }}
        onChange={(language) => change({ language: language === "" ? null : language })}
      />
      <Switch
        label={t("preferences.sendOnEnter")}
        isSelected={data?.send_on_enter ?? true}
        onChange={(send_on_enter) => change({ send_on_enter })}
      />
      <Switch
        label={t("preferences.notifyAnswers")}
        isSelected={isAllowed && data?.notify_answers === true}
        onChange={(isWanted) => void notify(isWanted)}
      />
      {permission === "denied" && <p className="text-sm text-text-2">{t("preferences.notificationsBlocked")}</p>}
      {children}
      <Button className="self-end" onPress={onClose}>
        {t("preferences.close")}
      </Button>
    </Dialog>
  );
}
