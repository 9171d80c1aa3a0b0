import { Input } from "react-aria-components";
import { TextFrame, type TextFrameProps } from "./TextFrame";

interface Props extends TextFrameProps {
  placeholder?: string;
}

/** A line of text. */
export function Field({ placeholder, ...props }: Props) {
  return (
    <TextFrame {...props}>
      <Input
        placeholder={placeholder}
        className="rounded-lg border border-line bg-page px-3 py-2 data-invalid:border-red-600"
      />
    </TextFrame>
  );
}
