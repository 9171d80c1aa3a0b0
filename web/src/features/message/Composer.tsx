import { type ClipboardEvent, type KeyboardEvent, type SyntheticEvent, useEffect, useRef, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { isComposing } from "../../lib/composing";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Attachments } from "./Attachments";
import { recoverDraft, settleDraft, takeDraft, useDraft } from "./draft";
import { ModelPicker } from "./ModelPicker";
import { useCancelResponseMutation } from "./messageApi";
import { useAttachments } from "./useAttachments";

interface Props {
  /** Where the draft belongs: a conversation, or `new`. */
  place: string;
  /** The answer that is being written, if any. */
  runningId?: string;
  sendOnEnter: boolean;
  /** Whether one writes here at once when the page is opened. */
  focuses?: boolean;
  /** Which model answers here; undefined means that of the assistant. */
  model?: string;
  onModel: (model: string | undefined) => void;
  /** With the ids of its files. Rejects with the error of a query; text and files are kept then. */
  onSend: (content: string, files: string[]) => Promise<void>;
}

/** Where messages are written. What is typed is never lost: not by a reload, not by a refusal. */
export function Composer({ place, runningId, sendOnEnter, focuses = true, model, onModel, onSend }: Props) {
  const { t } = useTranslation();
  const [text, type] = useDraft(place);
  const [failed, setFailed] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [cancel] = useCancelResponseMutation();
  const box = useRef<HTMLTextAreaElement>(null);
  const attachments = useAttachments(place);
  const { files, add, isBusy } = attachments;
  const isEmpty = text.trim() === "" && files.length === 0;

  // One writes on at once, also in the conversation that the first message has made; a phone's keyboard waits.
  useEffect(() => {
    if (focuses && globalThis.matchMedia("(pointer: fine)").matches) {
      box.current?.focus();
    }
  }, [focuses]);

  useEffect(() => recoverDraft(place), [place]);

  async function send() {
    if (isEmpty || isBusy || busy) {
      return;
    }
    setBusy(true);
    setFailed(undefined);
    // From here on the box is for what comes next.
    const draft = takeDraft(place);
    try {
      await onSend(
        draft.text,
        draft.files.map(({ id }) => id),
      );
      settleDraft(place, draft, true);
    } catch (error) {
      settleDraft(place, draft, false);
      setFailed(error);
    }
    setBusy(false);
  }

  /** Files that are dropped or pasted; text stays the browser's. */
  function take(event: SyntheticEvent, given: FileList) {
    if (given.length > 0) {
      event.preventDefault();
      add([...given]);
    }
  }

  /** A spreadsheet or a slide gives a picture beside its text: the text is what is meant. */
  function paste(event: ClipboardEvent) {
    if (event.clipboardData.getData("text/plain").trim() === "") {
      take(event, event.clipboardData.files);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter that ends the composition of a character is no sending.
    if (event.key !== "Enter" || event.shiftKey || isComposing(event.nativeEvent)) {
      return;
    }
    if (sendOnEnter || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      void send();
    }
  }

  return (
    <div className="flex flex-col gap-2">
      {failed !== undefined && <Failed problem={problemOf(failed)} />}
      <div className="flex flex-col gap-2 rounded-2xl border border-line p-2 focus-within:border-accent">
        <Attachments {...attachments} />
        <textarea
          ref={box}
          aria-label={t("message.write")}
          placeholder={t("message.write")}
          rows={Math.min(8, text.split("\n").length)}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onDrop={(event) => take(event, event.dataTransfer.files)}
          onPaste={paste}
          className="resize-none bg-transparent px-2 py-1 outline-none"
        />
        <div className="flex items-center justify-between gap-2">
          <span className="flex min-w-0 items-center">
            <FileTrigger allowsMultiple onSelect={(chosen) => add([...(chosen ?? [])])}>
              <Button look="quiet" aria-label={t("message.attach")}>
                +
              </Button>
            </FileTrigger>
            <ModelPicker value={model} onChange={onModel} />
          </span>
          {runningId !== undefined && (
            <Button className="ml-auto" onPress={() => void cancel({ id: runningId })}>
              {t("message.stop")}
            </Button>
          )}
          <Button look="primary" isPending={busy || isBusy} isDisabled={isEmpty} onPress={() => void send()}>
            {t("message.send")}
          </Button>
        </div>
      </div>
    </div>
  );
}
