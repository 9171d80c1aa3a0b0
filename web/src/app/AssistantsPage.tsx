import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { AssistantList } from "../features/assistant/AssistantList";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  const create = me.role !== "guest" && (
    <ButtonLink to="/assistants/new">
      <Plus aria-hidden="true" />
      {t("assistant.new")}
    </ButtonLink>
  );
  return (
    <Page title={t("assistant.assistants")} description={t("assistant.about")} actions={create}>
      <AssistantList whenEmpty={create} />
    </Page>
  );
}
