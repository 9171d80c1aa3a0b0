/** Rooms beside the chat, and who may enter them. */
const ROOMS = [
  { to: "/search", name: "search.search", isForAdmins: false },
  { to: "/assistants", name: "assistant.assistants", isForAdmins: false },
  { to: "/knowledge", name: "knowledge.knowledge", isForAdmins: false },
  { to: "/archive", name: "conversation.putAway", isForAdmins: false },
  { to: "/portability", name: "portability.portability", isForAdmins: false },
  { to: "/dashboard", name: "dashboard.dashboard", isForAdmins: true },
  { to: "/admin", name: "app.administration", isForAdmins: true },
] as const;

export function rooms(role: string) {
  return ROOMS.filter((room) => !room.isForAdmins || role === "admin");
}
