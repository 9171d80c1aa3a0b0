import { Ellipsis, GitBranch, Info, Square, Volume2 } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assistant, Message, Response } from "../../api/generated";
import { IconButton } from "../../ui/IconButton";
import { Menu, type MenuAction } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { AnswerDetails } from "./AnswerDetails";
import { canSpeak, speak, stopSpeaking, useIsSpeaking } from "./speech";

interface Props {
  message: Message;
  response: Response | undefined;
  assistant: Assistant | undefined;
  /** The answer as it is read aloud: as it is shown, without the marks of Markdown. */
  spoken: () => string;
  /** Lets the next message follow this answer, where another one does already. */
  onBranch?: (leaf: string) => void;
}

/** What else can be done with an answer. */
export function AnswerMenu({ message, response, assistant, spoken, onBranch }: Props) {
  const { t } = useTranslation();
  const { id } = message;
  const anchor = useRef<HTMLSpanElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const isSpeaking = useIsSpeaking(id);
  const branch: MenuAction[] =
    onBranch === undefined
      ? []
      : [{ id: "branch", label: t("thread.branch"), icon: GitBranch, onAction: () => onBranch(id) }];
  const voice: MenuAction[] = !canSpeak()
    ? []
    : isSpeaking
      ? [{ id: "stop", label: t("thread.stopReading"), icon: Square, onAction: stopSpeaking }]
      : [{ id: "read", label: t("thread.readAloud"), icon: Volume2, onAction: () => speak(id, spoken()) }];
  const details = { id: "details", label: t("thread.details"), icon: Info, onAction: () => setIsOpen(true) };
  return (
    <span ref={anchor} className="flex">
      <Menu label={t("thread.more")} placement="top start" groups={[[...branch, ...voice, details]]}>
        <IconButton label={t("thread.more")} icon={Ellipsis} />
      </Menu>
      <Popover triggerRef={anchor} isOpen={isOpen} onOpenChange={setIsOpen} placement="top start" className="max-w-96">
        <AnswerDetails message={message} response={response} assistant={assistant} />
      </Popover>
    </span>
  );
}
