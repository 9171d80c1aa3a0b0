import type * as en from "./failures.en";

export const failures: typeof en.failures = {
  answer: {
    model_unavailable: "Dieses Modell ist nicht verfügbar.",
    provider_error: "Der Anbieter hat einen Fehler oder eine unlesbare Antwort gesendet.",
    provider_unauthorized: "Der Anbieter hat den API-Schlüssel abgelehnt, oder das Konto hat kein Guthaben.",
    provider_rate_limited: "Der Anbieter bekommt zu viele Anfragen. Versuchen Sie es gleich noch einmal.",
    provider_unreachable: "Der Anbieter ist nicht erreichbar.",
    provider_timeout: "Das Modell antwortet nicht mehr.",
    internal: "Auf dem Server ist etwas schiefgelaufen.",
  },
  document: {
    unsupported_type: "Dieser Dateityp wird nicht unterstützt.",
    unreadable: "Die Datei ist beschädigt.",
    encrypted:
      "Die Datei ist durch ein Passwort geschützt. Speichern Sie sie ohne Passwort und laden Sie sie erneut hoch.",
    no_text: "Die Datei enthält keinen Text.",
    too_large: "Die Datei ist zu groß.",
    timeout: "Die Verarbeitung hat zu lange gedauert. Teilen Sie die Datei auf und laden Sie die Teile hoch.",
    file_missing: "Die Datei gibt es nicht mehr.",
    internal: "Auf dem Server ist etwas schiefgelaufen.",
  },
};
