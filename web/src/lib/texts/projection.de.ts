import type * as en from "./projection.en";

export const projection: typeof en.projection = {
  projections: "Lesemodelle",
  description:
    "Tabellen zum schnellen Lesen, aufgebaut aus dem Ereignisprotokoll. Jede lässt sich jederzeit neu aufbauen.",
  name: "Lesemodell",
  version: "v{{version}}",
  state: "Status",
  current: "Aktuell",
  catchingUp: "Holt auf",
  hasParked: "Fehlgeschlagene Objekte",
  position: "Position",
  lag: "Rückstand",
  parked: "Fehlgeschlagen",
  parkedHint:
    "Diese Objekte haben ein Ereignis, das dieses Lesemodell nicht anwenden kann, zum Beispiel aus einer neueren Version. Sie sind veraltet, bis es erneut versucht wird; alles andere ist nicht betroffen.",
  actions: "Aktionen",
  actionsOf: "Aktionen für {{name}}",
  rebuild: "Neu aufbauen",
  rebuildTitle: "{{name}} neu aufbauen?",
  rebuildHint:
    "Es wird aus dem gesamten Ereignisprotokoll neu aufgebaut, was einige Minuten dauern kann. Die alten Daten bleiben solange lesbar.",
  rebuilding_one: "Wird neu aufgebaut … {{count}} Ereignis",
  rebuilding_other: "Wird neu aufgebaut … {{count}} Ereignisse",
  rebuilt: "{{name}} neu aufgebaut",
  parkedAt: "An Position {{position}}:",
  retryOf: "{{id}} erneut versuchen",
};
