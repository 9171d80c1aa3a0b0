import type * as en from "./preferences.en";

export const preferences: typeof en.preferences = {
  notifyAnswers: "Melden, wenn eine Antwort außer Sicht endet",
  notificationsBlocked: "Dieser Browser erlaubt dieser Seite keine Meldungen.",
  settings: "Einstellungen",
  theme: "Aussehen",
  system: "Wie das Gerät",
  light: "Hell",
  dark: "Dunkel",
  language: "Sprache",
  deviceLanguage: "Wie das Gerät",
  sendOnEnter: "Enter sendet die Nachricht",
  close: "Schließen",
};
