import { useTranslation } from "react-i18next";
import { NewUser } from "../../features/user/NewUser";
import { UserList } from "../../features/user/UserList";
import { Page } from "../../ui/Page";
import { useMe } from "../useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t("user.users")} description={t("user.description")} actions={<NewUser />}>
      <UserList meId={me.id} />
    </Page>
  );
}
