import { memo } from "react";
import type { TokenLine } from "./highlighter";
import type { Language } from "./languages";
import { useTokens } from "./useTokens";

interface Props {
  code: string;
  /** Nothing where it is not known, or not to be coloured yet. */
  language: Language | undefined;
}

/** The lines of a code: in colours as soon as they are there. */
export function CodeLines({ code, language }: Props) {
  const tokens = useTokens(code, language);
  if (tokens.length === 0) {
    return code;
  }
  const rest = code.split("\n").slice(tokens.length);
  return (
    <>
      {tokens.map((line, index) => (
        <CodeLine key={index} tokens={line} />
      ))}
      {rest.join("\n")}
    </>
  );
}

const CodeLine = memo(function CodeLine({ tokens }: { tokens: TokenLine }) {
  return (
    <>
      {tokens.map(({ text, kind }, index) =>
        kind === "" ? (
          text
        ) : (
          <span key={index} className={`token-${kind}`}>
            {text}
          </span>
        ),
      )}
      {"\n"}
    </>
  );
});
