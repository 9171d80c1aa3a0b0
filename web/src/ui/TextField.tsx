import { Input } from "react-aria-components";
import { FieldFrame, type FieldFrameProps } from "./FieldFrame";

interface Props extends FieldFrameProps {
  placeholder?: string;
}

/** A line of text. */
export function TextField({ placeholder, ...props }: Props) {
  return (
    <FieldFrame {...props}>
      <Input dir="auto" placeholder={placeholder} className="control" />
    </FieldFrame>
  );
}
