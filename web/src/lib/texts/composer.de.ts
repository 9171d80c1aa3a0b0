import type * as en from "./composer.en";

export const composer: typeof en.composer = {
  ask: "Stellen Sie eine Frage",
  askAssistant: "Nachricht an {{assistant}}",
  attach: "Dateien anhängen",
  attachments: "Angehängte Dateien",
  remove: "{{name}} entfernen",
  drop: "Dateien zum Anhängen hier ablegen",
  pastedText: "Eingefügter Text",
  unreadable: {
    empty: "Diese Datei ist leer.",
    imageSize: "Modelle nehmen keine Bilder über {{limit}} an. Hängen Sie ein kleineres an.",
    imageFormat: "Modelle können dieses Bildformat nicht lesen. Speichern Sie es als PNG oder JPEG.",
    recording: "Aufnahmen werden nicht unterstützt.",
    oldOffice: "Das ist ein altes Office-Format. Speichern Sie die Datei als DOCX, XLSX oder PPTX.",
    outlook: "Das ist eine Outlook-Nachricht. Speichern Sie sie als Text oder PDF.",
    protected:
      "Diese Datei hat ein Passwort oder ein altes Office-Format. Speichern Sie sie ohne Passwort als DOCX, XLSX oder PPTX.",
    archive: "Das ist ein Archiv. Entpacken Sie es und hängen Sie die Dateien daraus an.",
    type: "Dieser Dateityp kann nicht gelesen werden. Hängen Sie stattdessen ein PDF, ein Office-Dokument, Text oder ein Bild an.",
  },
  noVision: "{{model}} kann keine Bilder sehen. Wählen Sie ein Modell mit Bilderkennung, oder entfernen Sie das Bild.",
  removeRefused: "Entfernen Sie die Dateien, die nicht gesendet werden können",
  uploading: "Der Upload läuft noch",
  send: "Senden",
  notSent: "Ihre Nachricht wurde nicht gesendet.",
  sendAfter: "Nach dieser Antwort senden",
  stop: "Stoppen",
  archived: "Dieser Chat ist archiviert",
  trashed: "Dieser Chat liegt im Papierkorb",
  disclaimer: "Modelle machen Fehler. Prüfen Sie wichtige Antworten.",
};
