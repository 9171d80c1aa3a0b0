import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/Badge";
import type { Assistant } from "./assistantApi";

const NAMES = {
  draft: "assistant.draft",
  active: "assistant.active",
  inactive: "assistant.inactive",
  maintenance: "assistant.maintenance",
} as const;

/** Whether an assistant may be used. */
export function AssistantStatus({ assistant: { status } }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const name = status in NAMES ? t(NAMES[status]) : status;
  return <Badge look={status === "active" ? "good" : "plain"}>{name}</Badge>;
}
