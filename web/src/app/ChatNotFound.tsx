import { MessageCircleOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "../ui/ButtonLink";
import { EmptyState } from "../ui/EmptyState";

/** The address names a chat that does not exist, or belongs to somebody else. */
export function ChatNotFound() {
  const { t } = useTranslation();
  return (
    <div className="m-auto w-full max-w-reading p-4">
      <title>{`${t("app.notFound")} · ${t("app.name")}`}</title>
      <EmptyState icon={MessageCircleOff} title={t("conversation.notFound")}>
        <ButtonLink to="/">{t("conversation.new")}</ButtonLink>
      </EmptyState>
    </div>
  );
}
