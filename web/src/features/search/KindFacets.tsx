import { useTranslation } from "react-i18next";
import type { FacetCount } from "../../api/generated";
import { KINDS, type SearchKind } from "./searchApi";

interface Props {
  chosen: SearchKind | undefined;
  /** Unknown until something was found. */
  counts: FacetCount[] | undefined;
  onChoose: (kind: SearchKind | undefined) => void;
}

/** The kinds of what was found, with how many there are; one of them narrows the search. */
export function KindFacets({ chosen, counts, onChoose }: Props) {
  const { t } = useTranslation();
  const count = (kind: SearchKind) => counts?.find(({ value }) => value === kind)?.count ?? 0;
  const facet = (kind: SearchKind | undefined, label: string) => (
    <button
      key={label}
      type="button"
      aria-pressed={chosen === kind}
      onClick={() => onChoose(kind)}
      className="min-h-8 cursor-pointer rounded-full border border-line-strong px-3 text-label text-text-2 transition-colors hover:bg-hover aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:text-accent-text pointer-coarse:min-h-11"
    >
      {label}
    </button>
  );
  const shown = KINDS.filter((kind) => kind === chosen || count(kind) > 0);
  return (
    <div role="group" aria-label={t("search.kind")} className="flex flex-wrap gap-2">
      {facet(undefined, t("search.everything"))}
      {shown.map((kind) => facet(kind, `${t(`search.facets.${kind}`)} ${String(count(kind))}`))}
    </div>
  );
}
