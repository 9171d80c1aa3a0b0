import type * as en from "./home.en";

export const home: typeof en.home = {
  morning: "Guten Morgen, {{name}}",
  afternoon: "Guten Tag, {{name}}",
  evening: "Guten Abend, {{name}}",
  suggestions: "Vorschläge",
  connect: "Modell verbinden",
  noModel: "Noch kein Modell verbunden",
  connectHint: "Die eingebaute Hilfe kann nur Fragen zu ConvoSphere beantworten.",
  askAdministrator: "Bitten Sie Ihren Administrator, ein Modell zu verbinden.",
  assistantHint: "Mit diesem Assistenten chatten",
  starters: {
    write: {
      title: "Etwas schreiben",
      hint: "E-Mails, Zusammenfassungen, Notizen",
      text: "Schreib eine kurze, freundliche E-Mail, die um ein Treffen nächste Woche bittet.",
    },
    code: {
      title: "Code erklären oder korrigieren",
      hint: "Einfügen oder als Datei ablegen",
      text: "Erkläre, was dieser Code tut, und nenne Fehler:\n\n",
    },
    plan: {
      title: "Etwas planen",
      hint: "Projekte, Reisen, Besprechungen",
      text: "Hilf mir, meine Woche zu planen. Frag mich zuerst, was du wissen musst.",
    },
    summarize: {
      title: "Dokument zusammenfassen",
      hint: "Datei anhängen und fragen",
      text: "Fasse das angehängte Dokument in fünf Punkten zusammen.",
    },
    abilities: {
      title: "Was kannst du?",
      hint: "ConvoSphere im Überblick",
      text: "Was kannst du?",
    },
    data: {
      title: "Wo sind meine Daten gespeichert?",
      hint: "Dateien, Sicherungen, Datenschutz",
      text: "Wo sind meine Daten gespeichert?",
    },
  },
};
