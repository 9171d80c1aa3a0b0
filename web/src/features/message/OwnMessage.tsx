import { Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { IconButton } from "../../ui/IconButton";
import { RichText } from "../../ui/RichText";
import { Actions } from "./Actions";
import { AttachedFiles } from "./AttachedFiles";
import { CopyAction } from "./CopyAction";
import { EditBox } from "./EditBox";
import { Fold } from "./Fold";
import { Siblings } from "./Siblings";

interface Props {
  message: Message;
  isLast: boolean;
  /** Its answer has no place yet, because the answer above must end first. */
  isWaiting: boolean;
  onPath: (through: string | undefined) => void;
}

/** What a person wrote, and its versions. */
export function OwnMessage({ message, isLast, isWaiting, onPath }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<"never" | "now" | "before">("never");
  const { content, attachments } = message;
  if (editing === "now") {
    return <EditBox message={message} onPath={onPath} onClose={() => setEditing("before")} />;
  }
  return (
    <>
      {attachments.length > 0 && <AttachedFiles ids={attachments} />}
      {content !== "" && (
        <div
          dir="auto"
          className="ms-auto w-fit max-w-[80%] rounded-[18px] rounded-ee-[6px] bg-sunken px-4 py-2.5 [&_p]:whitespace-pre-line"
        >
          <Fold>
            <RichText text={content} />
          </Fold>
        </div>
      )}
      {isWaiting && <p className="text-end text-ui text-text-3">{t("thread.waiting")}</p>}
      <Actions side="end" isShown={isLast}>
        <IconButton
          label={t("message.edit")}
          icon={Pencil}
          // The focus comes back to where the editing began.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={editing === "before"}
          onPress={() => setEditing("now")}
        />
        {content !== "" && <CopyAction text={content} />}
        <Siblings message={message} onPath={onPath} />
      </Actions>
    </>
  );
}
