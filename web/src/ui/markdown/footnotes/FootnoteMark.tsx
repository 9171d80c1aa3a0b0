import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { FootnoteContext } from "./FootnoteContext";
import { FootnoteLink } from "./FootnoteLink";

/** The number of a footnote, which leads to it. */
export function FootnoteMark({ footnote }: { footnote: string }) {
  const { t } = useTranslation();
  const { id, ids } = useContext(FootnoteContext);
  const number = ids.indexOf(footnote) + 1;
  return (
    <sup>
      <FootnoteLink id={`${id}ref${number}`} to={`${id}note${number}`} label={t("markdown.footnote", { number })}>
        {number}
      </FootnoteLink>
    </sup>
  );
}
