import {
  Archive,
  ArrowLeftRight,
  BookOpen,
  Bot,
  type LucideIcon,
  Monitor,
  Moon,
  Search,
  Settings,
  ShieldCheck,
  SquarePen,
  Sun,
  Users,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUpdatePreferencesMutation } from "../features/preferences/preferencesApi";
import { isAtLeast } from "../features/user/roles";
import { useMe } from "./useMe";

export interface PaletteAction {
  id: string;
  name: string;
  icon: LucideIcon;
  /** Where it goes; without it, `run` does something. */
  to?: string;
  run?: () => void;
}

/** What the palette offers beside what was found: pages, and what one may want anywhere. */
export function usePaletteActions(): { pages: PaletteAction[]; actions: PaletteAction[] } {
  const { t } = useTranslation();
  const { role } = useMe();
  const [update] = useUpdatePreferencesMutation();
  const page = (to: string, name: string, icon: LucideIcon): PaletteAction => ({ id: to, to, name, icon });
  const theme = (id: "light" | "dark" | "system", icon: LucideIcon): PaletteAction => ({
    id: `theme:${id}`,
    name: `${t("preferences.theme")}: ${t(`preferences.${id}`)}`,
    icon,
    run: () => void update({ updatePreferences: { theme: id } }),
  });
  const actions = [
    page("/", t("conversation.new"), SquarePen),
    page("/settings", t("preferences.settings"), Settings),
    theme("light", Sun),
    theme("dark", Moon),
    theme("system", Monitor),
  ];
  const pages = [
    page("/search", t("search.search"), Search),
    page("/assistants", t("assistant.assistants"), Bot),
    page("/knowledge", t("knowledge.knowledge"), BookOpen),
    page("/archive", t("conversation.putAway"), Archive),
    page("/portability", t("portability.portability"), ArrowLeftRight),
  ];
  if (isAtLeast(role, "manager")) {
    pages.push(page("/admin/groups", t("group.groups"), Users));
  }
  if (isAtLeast(role, "admin")) {
    pages.push(page("/admin", t("app.administration"), ShieldCheck));
  }
  return { pages, actions };
}
