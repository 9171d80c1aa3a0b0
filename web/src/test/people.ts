/** People as the server names them, for tests of pages that somebody has opened. */
import type { User } from "../api/generated";
import { signedIn } from "../features/session/sessionSlice";
import type { storeOfTests } from "./show";

const AT = "2026-11-01T10:00:00Z";

export function person(id: string, role: User["role"] = "user", display_name = id): User {
  return { id, version: 1, role, display_name, email: `${id}@example.org`, suspended: false, created_at: AT };
}

/** The person `me` has signed in, in a role. */
export function as(role: User["role"]) {
  return (store: ReturnType<typeof storeOfTests>) => store.dispatch(signedIn(person("me", role)));
}
