import { Plus } from "lucide-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
} from "react";
import { FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { isComposing } from "../../lib/composing";
import { IconButton } from "../../ui/IconButton";
import { Attachments } from "./Attachments";
import { ComposerDrop } from "./ComposerDrop";
import { ComposerSend } from "./ComposerSend";
import { ComposerText } from "./ComposerText";
import { useDraft } from "./draft";
import { useCancelResponseMutation } from "./messageApi";
import { pastedFiles } from "./pastedFiles";
import { SendFailed } from "./SendFailed";
import { type Reader, useAttachments } from "./useAttachments";
import { useSendDraft } from "./useSendDraft";

interface Props {
  /** Where the draft belongs: a conversation, or `new`. */
  place: string;
  /** The answer that is being written, if any. */
  runningId?: string;
  sendOnEnter: boolean;
  /** Whether the page is opened to write here. */
  isFocused?: boolean;
  /** Who reads it, where that is an assistant. */
  assistant?: string;
  /** The model that answers. */
  model?: Reader;
  /** Chooses the model. */
  picker: ReactNode;
  box?: RefObject<HTMLTextAreaElement | null>;
  /** With the ids of its files. Rejects with the error of a query; text and files are kept then. */
  onSend: (content: string, files: string[]) => Promise<void>;
}

/** Where messages are written. What is typed is never lost: not by a reload, not by a refusal. */
export function Composer({ isFocused = true, ...props }: Props) {
  const { place, runningId, sendOnEnter, assistant, model, picker } = props;
  const { t } = useTranslation();
  const [text, type] = useDraft(place);
  const [cancel] = useCancelResponseMutation();
  const ownBox = useRef<HTMLTextAreaElement>(null);
  const box = props.box ?? ownBox;
  const attachments = useAttachments(place, model);
  const { files, add, isUploading, hasRefused, refuse } = attachments;
  const { sendDraft, error } = useSendDraft(place, { onSend: props.onSend, onRefusedFiles: refuse });
  const isEmpty = text.trim() === "" && files.length === 0;
  const obstacle = hasRefused ? t("composer.removeRefused") : isUploading ? t("composer.uploading") : undefined;
  const label = assistant === undefined ? t("composer.ask") : t("composer.askAssistant", { assistant });

  /** A phone's keyboard would cover the page: there, people open it themselves. */
  const focus = useCallback(() => {
    if (globalThis.matchMedia("(pointer: fine)").matches) {
      box.current?.focus();
    }
  }, [box]);

  useEffect(() => {
    if (isFocused) {
      focus();
    }
  }, [isFocused, focus]);

  function send() {
    focus();
    if (!isEmpty && obstacle === undefined) {
      void sendDraft();
    }
  }

  function stop() {
    if (runningId !== undefined) {
      void cancel({ id: runningId });
      focus();
    }
  }

  function paste(event: ClipboardEvent) {
    const given = pastedFiles(event.clipboardData, `${t("composer.pastedText")}.txt`);
    if (given.length > 0) {
      event.preventDefault();
      add(given);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    // Keys of a composition belong to the input method.
    if (isComposing(event.nativeEvent)) {
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && (sendOnEnter || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      stop();
    }
  }

  return (
    <div className="flex w-full flex-col gap-2">
      {error !== undefined && <SendFailed error={error} onRetry={send} />}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- a press beside the text is meant for it; keyboards reach it directly */}
      <div
        onClick={(event) => {
          if (event.target === event.currentTarget) {
            box.current?.focus();
          }
        }}
        className="flex cursor-text flex-col gap-2.5 rounded-composer border border-line-strong bg-raised pt-3.5 pe-2.5 pb-2.5 ps-4 shadow-raised transition-colors focus-within:border-accent"
      >
        <Attachments {...attachments} />
        <ComposerText
          box={box}
          aria-label={label}
          placeholder={label}
          value={text}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={paste}
        />
        <div className="flex h-9 cursor-default items-center gap-1">
          <FileTrigger allowsMultiple onSelect={(chosen) => add([...(chosen ?? [])])}>
            <IconButton label={t("composer.attach")} icon={Plus} size="medium" className="-ms-2" />
          </FileTrigger>
          <span className="ms-auto flex min-w-0 items-center gap-1.5">
            {picker}
            <ComposerSend
              isRunning={runningId !== undefined}
              hasContent={!isEmpty}
              obstacle={obstacle}
              onSend={send}
              onStop={stop}
            />
          </span>
        </div>
      </div>
      <ComposerDrop onFiles={add} />
    </div>
  );
}
