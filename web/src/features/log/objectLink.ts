import type { Event } from "./eventPages";

const PAGES: Partial<Record<string, (id: string) => string>> = {
  assistant: (id) => `/assistants/${id}`,
  knowledge_base: (id) => `/knowledge/${id}`,
  group: (id) => `/admin/groups/${id}`,
  provider: () => "/admin/models",
  user: () => "/admin/users",
};

/** The page of the object that an event belongs to, where administrators have one. */
export function objectLink({ aggregate_type, aggregate_id }: Event): string | undefined {
  return PAGES[aggregate_type]?.(aggregate_id);
}
