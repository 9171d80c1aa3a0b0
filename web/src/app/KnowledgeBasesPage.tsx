import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { KnowledgeList } from "../features/knowledge/KnowledgeList";
import { ButtonLink } from "../ui/ButtonLink";
import { Page } from "../ui/Page";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  const create = me.role !== "guest" && (
    <ButtonLink to="/knowledge/new">
      <Plus aria-hidden="true" />
      {t("knowledge.new")}
    </ButtonLink>
  );
  return (
    <Page title={t("knowledge.knowledge")} description={t("knowledge.about")} actions={create}>
      <KnowledgeList whenEmpty={create} />
    </Page>
  );
}
