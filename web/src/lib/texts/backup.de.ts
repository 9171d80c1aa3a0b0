import type * as en from "./backup.en";

export const backup: typeof en.backup = {
  backups: "Sicherungen",
  description:
    "Verschlüsselte Kopien von allem, was sich nicht neu aufbauen lässt. Jede wird zur Prüfung bis zum Ende gelesen.",
  at: "Erstellt",
  position: "Ereignisse",
  size: "Größe",
  file: "Datei",
  make: "Jetzt sichern",
  making_one: "Wird gesichert … {{count}} Ereignis",
  making_other: "Wird gesichert … {{count}} Ereignisse",
  made: "Sicherung erstellt und geprüft",
  none: "Noch keine Sicherungen",
  scheduled_one: "Stündlich, die nächste {{next}}.",
  scheduled_other: "Alle {{count}} Stunden, die nächste {{next}}.",
  unscheduled: "Automatische Sicherung ist aus.",
  kept_one: "Die neueste wird aufbewahrt, Schlüsselringe {{days}} Tage.",
  kept_other: "Die neuesten {{count}} werden aufbewahrt, Schlüsselringe {{days}} Tage.",
  restore: "Sicherung wiederherstellen",
  restoreStop: "Server anhalten.",
  restoreKey:
    "Den Hauptschlüssel an seinen Platz legen. Er ist weder in der Sicherung noch im Schlüsselring daneben: eine Kopie woanders aufbewahren.",
  restoreRun: "Diesen Befehl ausführen, mit --replace, wenn es schon eine Installation gibt.",
  restoreCommand: "Befehl zum Wiederherstellen",
  schedule: "Für eine tägliche automatische Sicherung diesen Befehl ausführen und den Server neu starten:",
  scheduleCommand: "Befehl für den Zeitplan",
};
