import { useState } from "react";
import { readStored, writeStored } from "../../lib/stored";

/** What the person has said about the first steps; the server keeps no such thing. */
interface Notes {
  isMasterKeySaved: boolean;
  isDismissed: boolean;
}

const NAME = "firstSteps";
const NONE: Notes = { isMasterKeySaved: false, isDismissed: false };

function read(): Notes {
  try {
    return { ...NONE, ...(JSON.parse(readStored(NAME) ?? "{}") as Partial<Notes>) };
  } catch {
    return NONE;
  }
}

/** Notes that this browser keeps. */
export function useNotes() {
  const [notes, setNotes] = useState(read);
  const note = (news: Partial<Notes>) => {
    const changed = { ...notes, ...news };
    setNotes(changed);
    writeStored(NAME, JSON.stringify(changed));
  };
  return { ...notes, note };
}
