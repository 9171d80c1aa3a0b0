import { memo, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Preview } from "../preview/Preview";
import { previewKindOf } from "../preview/kinds";
import { CodeCaption, type View } from "./CodeCaption";
import { CodeLines } from "./CodeLines";
import { languageOf } from "./languages";
import "./code.css";

/** A longer block shows so many lines at first. */
const FOLD = 30;

interface Props {
  code: string;
  /** The words behind its fence. */
  language: string;
  /** Whether more of it is still being written. */
  isOpen?: boolean;
}

/** Code with its language and what can be done with it. While it is written it has no colours, and shows its end. */
export const CodeBlock = memo(function CodeBlock({ code, language: info, isOpen = false }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const language = languageOf(info);
  const preview = isOpen ? undefined : previewKindOf(info, code);
  const [chosen, setView] = useState<View>();
  const [isWrapped, setWrapped] = useState(false);
  const [isUnfolded, setUnfolded] = useState(false);
  const view = preview === undefined ? "code" : (chosen ?? preview.view);
  const lines = code.split("\n");
  const isFolded = lines.length > FOLD && !isUnfolded;
  const shown = isFolded ? (isOpen ? lines.slice(-FOLD) : lines.slice(0, FOLD)).join("\n") : code;
  return (
    <figure className="code-block" dir="ltr" aria-labelledby={`${id}name`}>
      <CodeCaption
        id={`${id}name`}
        code={code}
        info={info}
        view={preview === undefined ? undefined : view}
        onView={setView}
        isWrapped={isWrapped}
        onWrap={setWrapped}
      />
      {preview !== undefined && view === "preview" ? (
        <Preview kind={preview.kind} source={code} />
      ) : (
        <>
          {/* A long line is reached by keyboard as well. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} className={isWrapped ? "code-wrapped" : undefined}>
            <code>
              <CodeLines code={shown} language={isOpen ? undefined : language} />
            </code>
          </pre>
          {lines.length > FOLD && (
            <button className="code-fold" aria-expanded={!isFolded} onClick={() => setUnfolded(isFolded)}>
              {isFolded ? t("markdown.showLines", { count: lines.length }) : t("markdown.showFewerLines")}
            </button>
          )}
        </>
      )}
    </figure>
  );
});
