import type * as en from "./group.en";

export const group: typeof en.group = {
  groups: "Gruppen",
  new: "Neue Gruppe",
  create: "Erstellen",
  form: "Gruppe",
  name: "Name",
  description: "Beschreibung",
  members: "Mitglieder",
  none: "Noch keine Gruppen. Erstellen Sie eine, um Wissen mit ihren Mitgliedern zu teilen.",
  empty: "Noch keine Mitglieder",
  add: "Mitglied hinzufügen",
  email: "E-Mail-Adresse",
  remove: "Entfernen",
  delete: "Gruppe löschen",
  deleteTitle: "„{{name}}“ löschen?",
  about: "Mitglieder einer Gruppe können das Wissen nutzen, das mit ihr geteilt ist.",
  created: "Erstellt",
  since: "Mitglied seit",
  nameOrEmail: "Name oder E-Mail-Adresse",
  removed: "{{name}} entfernt",
  deleteHint:
    "Mitglieder verlieren den Zugriff auf alles, was mit dieser Gruppe geteilt wurde. Konten und Wissen bleiben erhalten.",
};
