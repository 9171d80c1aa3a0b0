import type * as en from "./app.en";

export const app: typeof en.app = {
  sent: "{{name}}, unterwegs",
  loading: "Lädt …",
  more: "Mehr zeigen",
  cancel: "Abbrechen",
  close: "Schließen",
  rooms: "Räume",
  administration: "Verwaltung",
  notAllowed: "Dieser Raum ist für Administratoren.",
  palette: "Gehe zu …",
  paletteHint: "Ein Raum oder Wörter aus allem",
  paletteFound: "Wohin",
  paletteNone: "Nichts gefunden.",
  name: "ConvoSphere",
  starting: "Startet …",
  unreachable: "Der Server ist nicht erreichbar.",
  stranger: {
    signIn:
      "Ein Proxy zwischen Ihnen und dem Server verlangt eine Anmeldung. Laden Sie dafür die Seite neu; was Sie geschrieben haben, bleibt erhalten.",
    tooLarge: "Das ist zu groß für den Proxy vor dem Server (Status {{status}}).",
    noServer: "Der Proxy vor dem Server erreicht ihn nicht (Status {{status}}). Es wird weiter versucht.",
    other: "Etwas zwischen Ihnen und dem Server hat das abgelehnt (Status {{status}}).",
  },
  reload: "Neu laden",
  partMissing:
    "Dieser Teil der Seite konnte nicht geladen werden. Laden Sie die Seite neu; was Sie geschrieben haben, bleibt erhalten.",
  eventsInstead:
    "WebSockets erreichen den Server nicht; Neues kommt deshalb über Server-Sent Events. Der Proxy muss „Upgrade“ für /api/v1/ws durchlassen.",
  retry: "Noch einmal",
  failed: "Etwas ist schiefgegangen.",
  request: "Anfrage {{id}}",
  notFound: "Diese Seite gibt es nicht.",
  home: "Zum Anfang",
  menu: "Menü",
  closeMenu: "Das Menü schließen",
  skip: "Zum Inhalt",
  offline: "Sie sind offline. Was Sie schreiben, bleibt hier, bis die Verbindung wieder da ist.",
};
