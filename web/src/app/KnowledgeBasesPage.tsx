import { useTranslation } from "react-i18next";
import { KnowledgeList } from "../features/knowledge/KnowledgeList";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page
      title={t("knowledge.knowledge")}
      actions={me.role !== "guest" && <ButtonLink to="/knowledge/new">{t("knowledge.new")}</ButtonLink>}
    >
      <KnowledgeList />
    </Page>
  );
}
