import { plainFragments } from "../../lib/plainText";
import type { SearchHit } from "./searchApi";

/** The text around the first match, with the match marked. */
export function SearchSnippet({ hit }: { hit: SearchHit }) {
  return plainFragments(hit.fragments).map(({ text, matched }, index) =>
    matched ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
  );
}
