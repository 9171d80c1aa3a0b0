import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { KnowledgeList } from "../features/knowledge/KnowledgeList";
import { Room } from "../ui/Room";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Room
      title={t("knowledge.knowledge")}
      actions={
        me.role !== "guest" && (
          <Link
            to="/knowledge/new"
            className="rounded-lg bg-indigo-600 px-3 py-2 text-sm font-medium text-white hover:bg-indigo-700"
          >
            {t("knowledge.new")}
          </Link>
        )
      }
    >
      <KnowledgeList />
    </Room>
  );
}
