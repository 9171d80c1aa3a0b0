import { isAtLeast, type Role } from "../features/user/roles";

interface RoomBeside {
  to: string;
  name:
    | "search.search"
    | "assistant.assistants"
    | "knowledge.knowledge"
    | "conversation.putAway"
    | "portability.portability"
    | "app.administration";
  /** The least role that may enter. */
  from: Role;
}

/** Rooms beside the chat, and who may enter them. */
const ROOMS: RoomBeside[] = [
  { to: "/search", name: "search.search", from: "guest" },
  { to: "/assistants", name: "assistant.assistants", from: "guest" },
  { to: "/knowledge", name: "knowledge.knowledge", from: "guest" },
  { to: "/archive", name: "conversation.putAway", from: "guest" },
  { to: "/portability", name: "portability.portability", from: "guest" },
  { to: "/admin", name: "app.administration", from: "manager" },
];

export function rooms(role: Role) {
  return ROOMS.filter((room) => isAtLeast(role, room.from));
}
