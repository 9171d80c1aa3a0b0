import type * as en from "./onboarding.en";

export const onboarding: typeof en.onboarding = {
  title: "Erste Schritte",
  progress: "{{done}} von {{count}} erledigt",
  dismiss: "Schritte ausblenden",
  done: "erledigt",
  model: {
    title: "Ein Modell verbinden",
    hint: "Einen Anbieter wie OpenAI oder einen Server auf diesem Rechner wie Ollama.",
    action: "Verbinden",
  },
  people: {
    title: "Personen einladen",
    hint: "Konten für alle erstellen, die ConvoSphere nutzen werden.",
    action: "Personen hinzufügen",
  },
  masterKey: {
    title: "Den Hauptschlüssel sichern",
    hint: "Ohne ihn sind weder die Daten noch ihre Sicherungen lesbar. Eine Kopie der Datei master.key getrennt vom Server aufbewahren.",
    action: "Ich habe eine Kopie",
  },
  knowledge: {
    title: "Wissen hinzufügen",
    hint: "Dokumente hochladen, aus denen Assistenten antworten.",
    action: "Neue Wissensdatenbank",
  },
};
