import { useTranslation } from "react-i18next";
import { Status } from "../../ui/Status";
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
  return <Status look={status === "active" ? "good" : "plain"}>{name}</Status>;
}
