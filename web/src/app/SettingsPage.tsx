import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Preferences } from "../features/preferences/Preferences";
import { EmailForm } from "../features/session/EmailForm";
import { PasswordForm } from "../features/session/PasswordForm";
import { Profile } from "../features/session/Profile";
import { Sessions } from "../features/session/Sessions";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { Tabs } from "../ui/Tabs";
import { useMe } from "./useMe";

/** What a person settles: the account, how the client looks and behaves, the devices, the data. */
export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  return (
    <Page title={t("preferences.settings")}>
      <Tabs
        label={t("preferences.settings")}
        selected={search.get("tab") ?? "account"}
        onSelect={(tab) => setSearch({ tab }, { replace: true })}
        tabs={[
          {
            id: "account",
            title: t("session.account"),
            content: (
              <div className="flex flex-col gap-10">
                <Profile key={me.id} me={me} />
                <EmailForm key={me.email} me={me} />
                <PasswordForm />
              </div>
            ),
          },
          { id: "general", title: t("preferences.general"), content: <Preferences /> },
          { id: "devices", title: t("session.sessions"), content: <Sessions /> },
          {
            id: "data",
            title: t("preferences.data"),
            content: (
              <div className="flex max-w-form flex-col items-start gap-3">
                <p className="text-text-2">{t("preferences.dataHint")}</p>
                <div className="flex flex-wrap gap-2">
                  <ButtonLink to="/portability" look="plain">
                    {t("portability.portability")}
                  </ButtonLink>
                  <ButtonLink to="/archive" look="plain">
                    {t("conversation.putAway")}
                  </ButtonLink>
                </div>
              </div>
            ),
          },
        ]}
      />
    </Page>
  );
}
