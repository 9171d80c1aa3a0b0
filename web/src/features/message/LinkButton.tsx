import type { ReactNode } from "react";
import { Button } from "react-aria-components";

interface Props {
  isPending: boolean;
  onPress: () => void;
  children: ReactNode;
}

/** An action in a line of text. */
export function LinkButton({ isPending, onPress, children }: Props) {
  return (
    <Button
      aria-disabled={isPending || undefined}
      onPress={isPending ? undefined : onPress}
      className={`touch-target cursor-pointer rounded-sm font-[560] text-text-2 underline-offset-2 hovered:text-text hovered:underline ${isPending ? "opacity-50" : ""}`}
    >
      {children}
    </Button>
  );
}
