import { useMemo } from "react";
import type { MessageCitation } from "../../api/generated";
import type { RichTextProps } from "../../ui/RichText";
import { CitationChip } from "./CitationChip";
import { remarkCitations } from "./remarkCitations";

type Marks = Pick<RichTextProps, "remarkPlugins" | "components">;

/** What `RichText` needs to show the numbers of sources as chips. */
export function useCitations(
  citations: MessageCitation[],
  onOpen: (citations: MessageCitation[], number: number) => void,
): Marks {
  return useMemo(() => {
    if (citations.length === 0) {
      return {};
    }
    const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
    return {
      remarkPlugins: [[remarkCitations, new Set(byNumber.keys())]],
      components: {
        q: ({ children }) => {
          if (typeof children !== "string") {
            return <span className="whitespace-nowrap">{children}</span>;
          }
          const citation = byNumber.get(Number(children));
          return citation === undefined ? (
            children
          ) : (
            <CitationChip citation={citation} onOpen={() => onOpen(citations, citation.number)} />
          );
        },
      },
    };
  }, [citations, onOpen]);
}
