export const preferences = {
  notifyAnswers: "Notify me when an answer ends out of sight",
  notificationsBlocked: "This browser does not allow notifications of this page.",
  settings: "Settings",
  theme: "Theme",
  system: "As the device",
  light: "Light",
  dark: "Dark",
  language: "Language",
  deviceLanguage: "As the device",
  sendOnEnter: "Enter sends a message",
  close: "Close",
};
