import type * as en from "./keys.en";

export const keys: typeof en.keys = {
  keys: "Tastenkürzel",
  palette: "Suchen und springen",
  newChat: "Neuen Chat beginnen",
  sidebar: "Seitenleiste öffnen oder schließen",
  search: "Chats durchsuchen",
  help: "Tastenkürzel anzeigen",
  send: "Nachricht senden",
  line: "Neue Zeile",
  close: "Antwort stoppen oder Geöffnetes schließen",
};
