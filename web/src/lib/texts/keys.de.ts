import type * as en from "./keys.en";

export const keys: typeof en.keys = {
  keys: "Tastatur",
  palette: "Überall hingehen",
  search: "Gespräche durchsuchen",
  help: "Diese Liste",
  send: "Die Nachricht senden",
  line: "Eine neue Zeile",
  close: "Schließen, was offen ist",
};
