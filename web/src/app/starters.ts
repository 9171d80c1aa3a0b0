/** First questions that a person can start from. */
import { BookOpen, CircleQuestionMark, Code, HardDrive, ListChecks, type LucideIcon, PenLine } from "lucide-react";
import type { Answerer } from "../features/model/useAnswerer";

export type Starter = keyof typeof STARTER_ICONS;

export const STARTER_ICONS = {
  write: PenLine,
  code: Code,
  summarize: BookOpen,
  plan: ListChecks,
  abilities: CircleQuestionMark,
  data: HardDrive,
} satisfies Record<string, LucideIcon>;

const OF_MODEL: Starter[] = ["write", "code", "summarize", "plan"];
const OF_GUIDE: Starter[] = ["abilities", "data"];

/** Those that whoever answers can answer: the built-in guide only knows the manual. */
export function startersOf({ model, isLoaded }: Answerer): Starter[] {
  if (!isLoaded) {
    return [];
  }
  return model?.built_in === true ? OF_GUIDE : OF_MODEL;
}
