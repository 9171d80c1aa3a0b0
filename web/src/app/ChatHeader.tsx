import { Ellipsis } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../features/conversation/conversationApi";
import { ConversationMenu } from "../features/conversation/ConversationMenu";
import { AnswererButton } from "../features/model/AnswererButton";
import type { Choice } from "../features/model/sections";
import type { Answerer } from "../features/model/useAnswerer";
import { useIsPhone } from "../hooks/useMedia";
import { IconButton } from "../ui/IconButton";
import { InPhoneBar } from "./PhoneBar";

interface Props {
  answerer: Answerer;
  onChoose: (choice: Choice) => void;
  /** The chat, where there is one already. */
  conversation?: Conversation;
}

/** The head of a chat: who answers, and what can be done with it. A phone shows it in its bar. */
export function ChatHeader({ answerer, onChoose, conversation }: Props) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const content = (
    <>
      <AnswererButton answerer={answerer} onChoose={onChoose} />
      {conversation !== undefined && (
        <ConversationMenu conversation={conversation} isCurrent>
          <IconButton
            label={t("conversation.actions", { title: conversation.title ?? t("conversation.untitled") })}
            tooltip={t("conversation.more")}
            icon={Ellipsis}
            size="medium"
            className="ms-auto"
          />
        </ConversationMenu>
      )}
    </>
  );
  return isPhone ? (
    <InPhoneBar>{content}</InPhoneBar>
  ) : (
    <header className="flex h-[52px] shrink-0 items-center gap-2 px-2">{content}</header>
  );
}
