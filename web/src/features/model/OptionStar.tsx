import { Star } from "lucide-react";
import type { SyntheticEvent } from "react";

interface Props {
  isFavorite: boolean;
  onPress: () => void;
}

/** Makes a model a favorite with the pointer. An option of a list can hold no button: keyboards use the foot. */
export function OptionStar({ isFavorite, onPress }: Props) {
  const keep = (event: SyntheticEvent) => event.stopPropagation();
  return (
    <span
      aria-hidden="true"
      role="presentation"
      data-star
      className={`touch-target rounded-icon p-1 text-text-3 hover:text-text ${isFavorite ? "" : "opacity-0 group-hover:opacity-100 pointer-coarse:opacity-100"}`}
      // The press must not reach the option, which it would choose.
      onPointerDown={keep}
      onMouseDown={keep}
      onPointerUp={keep}
      onClick={(event) => {
        keep(event);
        onPress();
      }}
    >
      <Star className={`size-4 ${isFavorite ? "fill-current" : ""}`} />
    </span>
  );
}
