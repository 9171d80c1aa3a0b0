import { useState } from "react";

/** What the person has said about the first steps; the server keeps no such thing. */
interface Notes {
  isMasterKeySaved: boolean;
  isDismissed: boolean;
}

const KEY = "convosphere.firstSteps";
const NONE: Notes = { isMasterKeySaved: false, isDismissed: false };

function load(): Notes {
  try {
    return { ...NONE, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Notes>) };
  } catch {
    return NONE;
  }
}

/** Notes that this browser keeps. */
export function useNotes() {
  const [notes, setNotes] = useState(load);
  const note = (news: Partial<Notes>) => {
    const changed = { ...notes, ...news };
    setNotes(changed);
    try {
      localStorage.setItem(KEY, JSON.stringify(changed));
    } catch {
      // Then they are kept as long as the page is open.
    }
  };
  return { ...notes, note };
}
