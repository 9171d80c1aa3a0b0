import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Confirm } from "./Confirm";

interface Props {
  /** What is done, in a word. */
  action: string;
  /** The question before it is done. */
  question: string;
  /** What becomes of it. */
  hint: string;
  /** What must be typed first, where much is destroyed. */
  mustType?: string;
  isPending?: boolean;
  onConfirm: () => void;
  /** Why it could not be done. */
  children?: ReactNode;
}

/** What cannot be undone, apart from everything else on the page. */
export function DangerZone({ action, question, hint, mustType, isPending, onConfirm, children }: Props) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section
      aria-label={action}
      className="flex w-full max-w-form flex-col gap-3 rounded-card border border-bad/40 p-4"
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
          <h2 className="text-label">{action}</h2>
          <p className="text-ui text-text-2">{hint}</p>
        </div>
        <Button look="danger" isPending={isPending} onPress={() => setIsAsking(true)}>
          {action}
        </Button>
      </div>
      {children}
      <Confirm
        title={question}
        action={action}
        mustType={mustType}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={onConfirm}
      >
        <p className="text-ui text-text-2">{hint}</p>
      </Confirm>
    </section>
  );
}
