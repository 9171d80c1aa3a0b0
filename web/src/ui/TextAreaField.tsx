import { TextArea } from "react-aria-components";
import { FieldFrame, type FieldFrameProps } from "./FieldFrame";

interface Props extends FieldFrameProps {
  rows?: number;
}

/** Several lines of text; it grows with what is typed. */
export function TextAreaField({ rows = 4, ...props }: Props) {
  return (
    <FieldFrame {...props}>
      <TextArea dir="auto" rows={rows} className="control max-h-[60dvh] [field-sizing:content] resize-y" />
    </FieldFrame>
  );
}
