/** What a person may be, least first. */
export const ROLES = {
  guest: "user.guest",
  user: "user.user",
  manager: "user.manager",
  admin: "user.admin",
} as const;

export type Role = keyof typeof ROLES;
