import { createContext } from "react";

interface FootnoteState {
  /** Begins the ids of all footnotes of one text. */
  id: string;
  /** The footnotes that are referred to, in the order of their numbers. */
  ids: string[];
}

export const FootnoteContext = createContext<FootnoteState>({ id: "", ids: [] });
