/** What a person may be, least first. */
export const ROLES = {
  guest: "user.guest",
  user: "user.user",
  manager: "user.manager",
  admin: "user.admin",
} as const;

export type Role = keyof typeof ROLES;

/** Whether a role is one of those that may do what the least of them may. */
export function isAtLeast(role: Role, least: Role): boolean {
  const order = Object.keys(ROLES);
  return order.indexOf(role) >= order.indexOf(least);
}
