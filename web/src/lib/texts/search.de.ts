import type * as en from "./search.en";

export const search: typeof en.search = {
  search: "Suche",
  words: "Wörter oder ihre Anfänge",
  kind: "Arten",
  time: "Entstanden",
  anyTime: "Jederzeit",
  times: { day: "Seit gestern", week: "In der letzten Woche", month: "Im letzten Monat", year: "Im letzten Jahr" },
  byMeaning: "Passagen auch nach ihrem Sinn",
  wordsAlone:
    "Nur die Wörter wurden gesucht: Kein Modell bettet ein, was Sie lesen dürfen, oder die Zeit ist eingegrenzt.",
  everything: "Allem",
  kinds: {
    message: "Nachricht",
    conversation: "Gespräch",
    assistant: "Assistent",
    document: "Dokument",
    passage: "Textstelle",
  },
  results: "Gefunden",
  none: "Nichts gefunden.",
  shown: "{{count}} gezeigt",
  hits_one: "{{count}} Treffer",
  hits_other: "{{count}} Treffer",
  you: "Sie:",
  hint: "Chats, Assistenten und Dokumente durchsuchen.",
};
