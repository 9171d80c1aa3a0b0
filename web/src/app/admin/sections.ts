import { Archive, Blocks, Layers, LayoutDashboard, type LucideIcon, PlugZap, ScrollText, Users } from "lucide-react";
import { isAtLeast, type Role } from "../../features/user/roles";

interface Section {
  to: string;
  name:
    | "dashboard.dashboard"
    | "user.users"
    | "group.groups"
    | "provider.models"
    | "log.log"
    | "projection.projections"
    | "backup.backups";
  icon: LucideIcon;
  /** The least role that may enter. */
  from: Role;
}

const SECTIONS: Section[] = [
  { to: "/admin/overview", name: "dashboard.dashboard", icon: LayoutDashboard, from: "admin" },
  { to: "/admin/users", name: "user.users", icon: Users, from: "admin" },
  { to: "/admin/groups", name: "group.groups", icon: Blocks, from: "manager" },
  { to: "/admin/models", name: "provider.models", icon: PlugZap, from: "admin" },
  { to: "/admin/log", name: "log.log", icon: ScrollText, from: "admin" },
  { to: "/admin/projections", name: "projection.projections", icon: Layers, from: "admin" },
  { to: "/admin/backups", name: "backup.backups", icon: Archive, from: "admin" },
];

/** The pages of the administration that a role may enter. */
export function sectionsOf(role: Role): Section[] {
  return SECTIONS.filter(({ from }) => isAtLeast(role, from));
}
