import type * as en from "./log.en";

export const log: typeof en.log = {
  log: "Ereignislog",
  events: "Ereignisse",
  filter: "Welche Ereignisse",
  after: "Nach Position",
  type: "Name des Ereignisses",
  object: "Objekt",
  show: "Zeigen",
  shown: "{{count}} Ereignisse werden gezeigt; es gibt mehr.",
  following: "{{count}} Ereignisse; neue erscheinen von selbst.",
  recordedAt: "Aufgezeichnet",
  hash: "Hash der Kette",
  payload: "Inhalt",
  metadata: "Umstände",
  verify: "Kette prüfen",
  verifying: "{{done}} Ereignisse geprüft …",
  intact: "Alle {{count}} Ereignisse sind, wie sie geschrieben wurden.",
  broken: "Ab Position {{position}} ist das Protokoll nicht, wie es geschrieben wurde.",
};
