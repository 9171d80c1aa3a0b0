import { useTranslation } from "react-i18next";
import type { Message } from "../../api/generated";
import { LinkButton } from "./LinkButton";

interface Props {
  /** The next message starts a branch. */
  isBranch: boolean;
  last: Message | undefined;
  onPath: (through: string | undefined) => void;
}

/** What goes on at the end of a thread, for those who do not see it, and where the next message will be. */
export function ThreadStatus({ isBranch, last, onPath }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {isBranch && (
        <p className="mx-auto flex w-full max-w-reading flex-wrap gap-x-2 px-4 text-ui text-text-2">
          {t("thread.branched")}
          <LinkButton isPending={false} onPress={() => onPath(undefined)}>
            {t("conversation.cancel")}
          </LinkButton>
        </p>
      )}
      <p role="status" className="sr-only">
        {last?.status === "running" && t("message.answering")}
        {last?.role === "assistant" && last.status === "complete" && t("message.answered")}
      </p>
    </>
  );
}
