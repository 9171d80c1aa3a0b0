import { CornerLeftUp } from "lucide-react";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import type { RichTextProps } from "../../RichText";
import { MarkdownText } from "../MarkdownText";
import type { Footnote } from "../split/references";
import { FootnoteContext } from "./FootnoteContext";
import { FootnoteLink } from "./FootnoteLink";

interface Props extends Pick<RichTextProps, "remarkPlugins" | "components"> {
  footnotes: Footnote[];
}

/** The footnotes of a text, at its end. */
export function Footnotes({ footnotes, ...extras }: Props) {
  const { t } = useTranslation();
  const { id } = useContext(FootnoteContext);
  return (
    <section aria-label={t("markdown.footnotes")} className="footnotes">
      <ol>
        {footnotes.map((footnote, index) => (
          <li key={footnote.id} id={`${id}note${index + 1}`} tabIndex={-1}>
            <MarkdownText source={footnote.source} {...extras} />
            <FootnoteLink to={`${id}ref${index + 1}`} label={t("markdown.backToText", { number: index + 1 })}>
              <CornerLeftUp aria-hidden="true" className="inline size-3.5" />
            </FootnoteLink>
          </li>
        ))}
      </ol>
    </section>
  );
}
