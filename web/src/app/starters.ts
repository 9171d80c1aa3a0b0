/** First questions that a person can start from. */
import {
  BookOpen,
  CircleQuestionMark,
  Code,
  HardDrive,
  ListChecks,
  type LucideIcon,
  PenLine,
  Plug,
} from "lucide-react";
import type { Answerer } from "../features/model/useAnswerer";
import { isAtLeast, type Role } from "../features/user/roles";

export type Starter = keyof typeof STARTER_ICONS;

export const STARTER_ICONS = {
  write: PenLine,
  code: Code,
  summarize: BookOpen,
  plan: ListChecks,
  abilities: CircleQuestionMark,
  data: HardDrive,
  models: Plug,
} satisfies Record<string, LucideIcon>;

const OF_MODEL: Starter[] = ["write", "code", "summarize", "plan"];
const OF_GUIDE: Starter[] = ["abilities", "data"];
const OF_GUIDE_FOR_ADMINISTRATORS: Starter[] = ["abilities", "models", "data"];

/** Those that whoever answers can answer: the built-in guide only knows the manual. */
export function startersOf({ model, isLoaded }: Answerer, role: Role): Starter[] {
  if (!isLoaded) {
    return [];
  }
  if (model?.built_in !== true) {
    return OF_MODEL;
  }
  return isAtLeast(role, "admin") ? OF_GUIDE_FOR_ADMINISTRATORS : OF_GUIDE;
}
