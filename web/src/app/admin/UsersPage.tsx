import { useTranslation } from "react-i18next";
import { AddUser } from "../../features/user/AddUser";
import { UserList } from "../../features/user/UserList";
import { Page } from "../../ui/Page";
import { useMe } from "../useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page title={t("user.users")} description={t("user.description")} actions={<AddUser />}>
      <UserList meId={me.id} />
    </Page>
  );
}
