import type * as en from "./keys.en";

export const keys: typeof en.keys = {
  keys: "Tastenkürzel",
  palette: "Suchen und springen",
  search: "Chats durchsuchen",
  help: "Tastenkürzel anzeigen",
  send: "Nachricht senden",
  line: "Neue Zeile",
  close: "Schließen",
};
