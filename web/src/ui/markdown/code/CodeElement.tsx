import { type ReactNode, useContext } from "react";
import type { ExtraProps } from "react-markdown";
import { BlockContext } from "../BlockContext";
import { Formula } from "../math/Formula";
import { classesOf, textOf } from "../plugins/hast";

interface Props extends ExtraProps {
  className?: string;
  children: ReactNode;
}

/** Code in a line, or a formula. */
export function CodeElement({ node, className, children }: Props) {
  const { source, isOpen } = useContext(BlockContext);
  const classes = node === undefined ? [] : classesOf(node);
  const isDisplay = classes.includes("math-display");
  if (node === undefined || !(isDisplay || classes.includes("math-inline"))) {
    return <code className={className}>{children}</code>;
  }
  // What closes it was added: more of it is to come.
  const isUnfinished = isOpen && (node.position?.end.offset ?? 0) > source.length;
  return <Formula tex={textOf(node)} isDisplay={isDisplay} isUnfinished={isUnfinished} />;
}
