import type * as en from "./backup.en";

export const backup: typeof en.backup = {
  backups: "Sicherungen",
  at: "Gemacht",
  position: "Position",
  size: "Größe",
  file: "Datei",
  make: "Sicherung machen",
  making: "{{done}} Ereignisse …",
  made: "Gemacht und bis zum Ende wieder gelesen.",
  none: "Es gibt noch keine.",
  scheduled_one: "Jede Stunde entsteht eine; die nächste ist {{next}} fällig.",
  scheduled_other: "Alle {{count}} Stunden entsteht eine; die nächste ist {{next}} fällig.",
  unscheduled: "Keine entsteht von selbst: In der Konfiguration backup.every_hours setzen.",
  kept_one: "Die neueste wird behalten, Schlüsselringe {{days}} Tage.",
  kept_other: "Die neuesten {{count}} werden behalten, Schlüsselringe {{days}} Tage.",
  key: "Eine Sicherung öffnet sich mit ihrem Schlüsselring, der neben ihr liegt, und dem Hauptschlüssel, der in keinem von beiden steckt: eine Kopie davon anderswo aufbewahren. convosphere database restore --file DATEI macht eine Installation daraus.",
};
