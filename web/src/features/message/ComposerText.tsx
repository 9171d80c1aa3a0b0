import { type ComponentProps, type RefObject, useLayoutEffect } from "react";

/** Whether the browser sizes a field by what is written in it. */
const isSizedByBrowser = CSS.supports("field-sizing", "content");

/** Makes a field as high as its text. */
function fit(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

interface Props extends Omit<ComponentProps<"textarea">, "className" | "ref" | "rows"> {
  box: RefObject<HTMLTextAreaElement | null>;
  value: string;
}

/** The text of a message; as high as what is written, up to 40 % of the window. */
export function ComposerText({ box, value, ...props }: Props) {
  useLayoutEffect(() => {
    if (box.current !== null && !isSizedByBrowser) {
      fit(box.current);
    }
  }, [box, value]);
  return (
    <textarea
      {...props}
      ref={box}
      dir="auto"
      rows={1}
      value={value}
      className="field-sizing-content max-h-[40dvh] min-h-[25px] w-full resize-none bg-transparent text-[1rem] leading-[25px] outline-none"
    />
  );
}
