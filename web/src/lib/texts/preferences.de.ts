import type * as en from "./preferences.en";

export const preferences: typeof en.preferences = {
  general: "Allgemein",
  data: "Daten",
  dataHint:
    "Nehmen Sie Ihre Chats, Dateien und Wissensdatenbanken mit, oder holen Sie die einer anderen Installation oder von ChatGPT herein.",
  notifyAnswers: "Benachrichtigen, wenn eine Antwort im Hintergrund fertig ist",
  notificationsBlocked: "Ihr Browser blockiert Benachrichtigungen dieser Website.",
  settings: "Einstellungen",
  theme: "Design",
  system: "System",
  light: "Hell",
  dark: "Dunkel",
  language: "Sprache",
  deviceLanguage: "Wie im System",
  sendOnEnter: "Mit Enter senden",
};
