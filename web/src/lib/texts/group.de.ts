import type * as en from "./group.en";

export const group: typeof en.group = {
  groups: "Gruppen",
  new: "Neue Gruppe",
  create: "Anlegen",
  save: "Speichern",
  form: "Gruppe",
  name: "Name",
  description: "Beschreibung",
  members: "Mitglieder",
  none: "Noch gibt es keine Gruppe. Legen Sie eine an, und Wissen lässt sich mit allen ihren Mitgliedern teilen.",
  empty: "Noch ist niemand darin.",
  add: "Mitglied hinzufügen",
  email: "E-Mail von jemandem mit Konto",
  remove: "Entfernen",
  removeOf: "{{name}} entfernen",
  delete: "Gruppe löschen",
  deleteTitle: "„{{name}}“ löschen?",
  deleteHint: "Was mit ihr geteilt war, lesen ihre Mitglieder nicht mehr. Die Personen und das Wissen bleiben.",
};
