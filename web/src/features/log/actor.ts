import type { Event } from "./eventPages";

const KINDS = ["user", "cli", "worker", "system"] as const;

export interface Actor {
  kind: (typeof KINDS)[number];
  /** Of a user; otherwise a name. */
  id: string;
}

/** Who caused an event, as its metadata says. */
export function actorOf(event: Event): Actor | undefined {
  const actor = (event.metadata as { actor?: Partial<Actor> } | null)?.actor;
  const kind = KINDS.find((known) => known === actor?.kind);
  return kind === undefined || typeof actor?.id !== "string" ? undefined : { kind, id: actor.id };
}
