import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { wordsOf } from "../../api/problem";
import { Alert } from "../../ui/Alert";
import { Button } from "../../ui/Button";
import { keepDraft, readDraft } from "./draft";
import { ModelPicker } from "./ModelPicker";
import { useCancelResponseMutation } from "./messageApi";

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
  /** Rejects with the error of a query; the text is kept then. */
  onSend: (content: string) => Promise<void>;
}

/** Where messages are written. What is typed is never lost: not by a reload, not by a refusal. */
export function Composer({ place, runningId, sendOnEnter, focuses = true, model, onModel, onSend }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => readDraft(place));
  const [failed, setFailed] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [cancel] = useCancelResponseMutation();
  const box = useRef<HTMLTextAreaElement>(null);

  // One writes on at once, also in the conversation that the first message has made; a phone's keyboard waits.
  useEffect(() => {
    if (focuses && globalThis.matchMedia("(pointer: fine)").matches) {
      box.current?.focus();
    }
  }, [focuses]);

  function type(value: string) {
    setText(value);
    keepDraft(place, value);
  }

  async function send() {
    const content = text;
    if (content.trim() === "" || busy) {
      return;
    }
    setBusy(true);
    setFailed(undefined);
    try {
      await onSend(content);
      type("");
    } catch (error) {
      setFailed(error);
    }
    setBusy(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter that ends the composition of a character is no sending.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) {
      return;
    }
    if (sendOnEnter || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      void send();
    }
  }

  return (
    <div className="flex flex-col gap-2">
      {failed !== undefined && <Alert>{wordsOf(failed, t("app.unreachable"))}</Alert>}
      <div className="flex flex-col gap-2 rounded-2xl border border-line p-2 focus-within:border-indigo-500">
        <textarea
          ref={box}
          aria-label={t("message.write")}
          placeholder={t("message.write")}
          rows={Math.min(8, text.split("\n").length)}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          className="resize-none bg-transparent px-2 py-1 outline-none"
        />
        <div className="flex items-center justify-between gap-2">
          <ModelPicker value={model} onChange={onModel} />
          {runningId !== undefined && (
            <Button className="ml-auto" onPress={() => void cancel({ id: runningId })}>
              {t("message.stop")}
            </Button>
          )}
          <Button look="primary" isPending={busy} isDisabled={text.trim() === ""} onPress={() => void send()}>
            {t("message.send")}
          </Button>
        </div>
      </div>
    </div>
  );
}
