import type { Assistant, Message, Response } from "../../api/generated";
import { AnswerMenu } from "./AnswerMenu";
import { CopyAction } from "./CopyAction";
import { Feedback } from "./Feedback";
import { Regenerate } from "./Regenerate";
import { Siblings } from "./Siblings";

interface Props {
  message: Message;
  response: Response | undefined;
  assistant: Assistant | undefined;
  spoken: () => string;
  onPath: (through: string | undefined) => void;
  onBranch?: (leaf: string) => void;
}

/** The row of actions below an answer. Its height and order stay the same whatever becomes known later. */
export function AnswerActions({ message, onPath, ...rest }: Props) {
  const isEnded = message.status !== "running";
  const isComplete = message.status === "complete";
  return (
    <>
      {isEnded && message.content !== "" && <CopyAction text={message.content} />}
      {isComplete && message.parent_id != null && <Regenerate message={message} onPath={onPath} />}
      {isComplete && <Feedback message={message} />}
      {isEnded && <AnswerMenu message={message} {...rest} />}
      <Siblings message={message} onPath={onPath} />
    </>
  );
}
