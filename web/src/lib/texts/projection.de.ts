import type * as en from "./projection.en";

export const projection: typeof en.projection = {
  projections: "Lesemodelle",
  name: "Name",
  position: "Position",
  lag: "Rückstand",
  parked: "Geparkt",
  actions: "Aktionen",
  rebuild: "Neu aufbauen",
  rebuildOf: "{{name}} neu aufbauen",
  rebuilding: "{{done}} Ereignisse …",
  rebuilt: "Neu aufgebaut.",
  parkedAt: "An Position {{position}}:",
  retryOf: "{{id}} noch einmal",
};
