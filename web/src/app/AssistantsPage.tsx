import { useTranslation } from "react-i18next";
import { AssistantList } from "../features/assistant/AssistantList";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page
      title={t("assistant.assistants")}
      actions={me.role !== "guest" && <ButtonLink to="/assistants/new">{t("assistant.new")}</ButtonLink>}
    >
      <AssistantList />
    </Page>
  );
}
