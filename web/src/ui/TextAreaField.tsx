import { TextArea } from "react-aria-components";
import { FieldFrame, type FieldFrameProps } from "./FieldFrame";

interface Props extends FieldFrameProps {
  rows?: number;
}

/** Several lines of text; it grows with what is typed. */
export function TextAreaField({ rows = 4, ...props }: Props) {
  return (
    <FieldFrame {...props}>
      <TextArea
        dir="auto"
        rows={rows}
        // A field that is as large as its content takes no heed of its rows.
        style={{ minHeight: `${rows * 1.25 + 1}rem` }}
        className="control max-h-[60dvh] [field-sizing:content] resize-y"
      />
    </FieldFrame>
  );
}
