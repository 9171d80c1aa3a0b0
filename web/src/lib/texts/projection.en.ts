export const projection = {
  projections: "Read models",
  name: "Name",
  position: "Position",
  lag: "Events behind",
  parked: "Parked",
  actions: "Actions",
  rebuild: "Rebuild",
  rebuildOf: "Rebuild {{name}}",
  rebuilding: "{{done}} events …",
  rebuilt: "Rebuilt.",
  parkedAt: "At position {{position}}:",
  retryOf: "Try {{id}} again",
};
