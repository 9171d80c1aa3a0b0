import { TextArea } from "react-aria-components";
import { TextFrame, type TextFrameProps } from "./TextFrame";

interface Props extends TextFrameProps {
  rows?: number;
}

/** Several lines of text. */
export function Area({ rows = 4, ...props }: Props) {
  return (
    <TextFrame {...props}>
      <TextArea
        rows={rows}
        className="rounded-lg border border-line bg-page px-3 py-2 text-sm data-invalid:border-red-600"
      />
    </TextFrame>
  );
}
