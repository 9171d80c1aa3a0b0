import type * as en from "./model.en";

export const model: typeof en.model = {
  choose: "Modell oder Assistent wählen",
  current: "Modell: {{model}}",
  search_one: "{{count}} Modell durchsuchen",
  search_other: "{{count}} Modelle durchsuchen",
  none: "Keine passenden Modelle",
  assistants: "Assistenten",
  favorites: "Favoriten",
  guide: "Eingebaute Hilfe",
  builtIn: "Eingebaut",
  default: "Standard",
  defaultAssistant: "Standardassistent",
  setDefault: "Als mein Standard festlegen",
  unavailable: "{{model}} ist nicht mehr verfügbar.",
  use: "{{model}} verwenden",
  isMyDefault: "Ihr Standard",
  addFavorite: "Zu Favoriten",
  removeFavorite: "Aus Favoriten entfernen",
  vision: "Bilder",
  thinks: "denkt",
};
