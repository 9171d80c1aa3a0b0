import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AssistantList } from "../features/assistant/AssistantList";
import { Room } from "../ui/Room";
import { useMe } from "./useMe";

export function Component() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Room
      title={t("assistant.assistants")}
      actions={
        me.role !== "guest" && (
          <Link
            to="/assistants/new"
            className="rounded-lg bg-indigo-600 px-3 py-2 text-sm font-medium text-white hover:bg-indigo-700"
          >
            {t("assistant.new")}
          </Link>
        )
      }
    >
      <AssistantList />
    </Room>
  );
}
