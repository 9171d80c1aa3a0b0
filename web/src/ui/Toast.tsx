import { X } from "lucide-react";
import {
  Button as AriaButton,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";

interface Notice {
  text: string;
  /** The way back, or on. */
  action?: { label: string; onPress: () => void };
}

const queue = new ToastQueue<Notice>({ maxVisibleToasts: 3 });

/** How long a notice stays, in milliseconds; it waits while somebody points at it. */
const STAYS = 5_000;

/** Tells what was done, below the head of the page, for five seconds. */
export function toast(text: string, action?: Notice["action"]): void {
  queue.add({ text, action }, { timeout: STAYS });
}

/** Takes all notices away: what one person was told is not for the next one. */
export function clearToasts(): void {
  queue.clear();
}

/** Where notices are shown; once in the page. Nothing is written or sent there, so they cover nothing that is. */
export function Toasts() {
  const { t } = useTranslation();
  return (
    <ToastRegion
      queue={queue}
      aria-label={t("app.notices")}
      className="fixed inset-x-0 top-14 z-50 mx-auto flex w-fit max-w-[92vw] flex-col items-center gap-2 outline-none"
    >
      {({ toast: shown }) => (
        <AriaToast
          toast={shown}
          className="flex items-center gap-3 rounded-frame bg-text py-1.5 ps-4 pe-1.5 text-ui text-bg shadow-popover"
        >
          <ToastContent className="min-w-0 break-words">
            <Text slot="title">{shown.content.text}</Text>
          </ToastContent>
          {shown.content.action !== undefined && (
            <AriaButton
              className="touch-target cursor-pointer rounded-icon px-2 py-1 font-[640] underline-offset-2 hovered:underline"
              onPress={() => {
                shown.content.action?.onPress();
                queue.close(shown.key);
              }}
            >
              {shown.content.action.label}
            </AriaButton>
          )}
          <IconButton
            slot="close"
            label={t("app.close")}
            icon={X}
            className="text-bg/70 hovered:bg-bg/15 hovered:text-bg"
          />
        </AriaToast>
      )}
    </ToastRegion>
  );
}
