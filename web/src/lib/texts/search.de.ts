import type * as en from "./search.en";

export const search: typeof en.search = {
  search: "Suche",
  words: "Suchbegriff",
  kind: "Typ",
  time: "Datum",
  anyTime: "Beliebig",
  times: { day: "Letzte 24 Stunden", week: "Letzte Woche", month: "Letzter Monat", year: "Letztes Jahr" },
  byMeaning: "Auch ähnliche Bedeutung",
  wordsAlone:
    "Nur Stichwortsuche. Die Suche nach Bedeutung braucht ein Embedding-Modell und funktioniert nicht mit Datumsfilter.",
  everything: "Alle",
  kinds: {
    conversation: "Chat",
    assistant: "Assistent",
    document: "Dokument",
  },
  hits_one: "{{count}} Treffer",
  hits_other: "{{count}} Treffer",
  you: "Sie:",
  hint: "Chats, Assistenten und Dokumente durchsuchen.",
  facets: {
    message: "Nachrichten",
    conversation: "Chats",
    assistant: "Assistenten",
    document: "Dokumente",
    passage: "Textstellen",
  },
  results: "Ergebnisse",
  none: "Keine Ergebnisse",
  shown_one: "{{count}} Ergebnis",
  shown_other: "{{count}} Ergebnisse",
};
