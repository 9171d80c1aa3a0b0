import { CircleOff, Copy, Ellipsis, MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { wordsOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { IconButton } from "../../ui/IconButton";
import { Menu, type MenuAction } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import {
  type Assistant,
  chatWith,
  useActivateAssistantMutation,
  useDeactivateAssistantMutation,
  useDuplicateAssistantMutation,
} from "./assistantApi";

interface Props {
  assistant: Assistant;
  mayChange: boolean;
  mayDuplicate: boolean;
}

/** What can be done with an assistant as a whole. */
export function AssistantActions({ assistant, mayChange, mayDuplicate }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [activate, { isLoading }] = useActivateAssistantMutation();
  const [deactivate] = useDeactivateAssistantMutation();
  const [duplicate] = useDuplicateAssistantMutation();
  const { id, name, status, is_default } = assistant;
  const isActive = status === "active";

  /** Says how it went. */
  async function run<Result>(action: { unwrap: () => Promise<Result> }, done: string): Promise<Result | undefined> {
    try {
      const result = await action.unwrap();
      toast(done);
      return result;
    } catch (error) {
      toast(wordsOf(error, t("app.unreachable")));
      return undefined;
    }
  }

  async function copy() {
    const made = await run(duplicate({ id }), t("assistant.duplicated", { name }));
    if (made !== undefined) {
      await navigate(`/assistants/${made.id}`);
    }
  }

  const actions: MenuAction[] = [];
  if (mayDuplicate) {
    actions.push({ id: "copy", label: t("assistant.duplicate"), icon: Copy, onAction: () => void copy() });
  }
  if (mayChange && isActive && !is_default) {
    const stop = () => void run(deactivate({ id }), t("assistant.deactivated", { name }));
    actions.push({ id: "stop", label: t("assistant.deactivate"), icon: CircleOff, onAction: stop });
  }
  return (
    <>
      {isActive && (
        <ButtonLink to={chatWith(assistant)}>
          <MessageSquare aria-hidden="true" />
          {t("assistant.chat")}
        </ButtonLink>
      )}
      {mayChange && !isActive && (
        <Button
          look="primary"
          isPending={isLoading}
          onPress={() => void run(activate({ id }), t("assistant.activated", { name }))}
        >
          {t("assistant.activate")}
        </Button>
      )}
      {actions.length > 0 && (
        <Menu label={t("conversation.actions", { title: name })} groups={[actions]}>
          <IconButton label={t("conversation.actions", { title: name })} icon={Ellipsis} size="medium" />
        </Menu>
      )}
    </>
  );
}
