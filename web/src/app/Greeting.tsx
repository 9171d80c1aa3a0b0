import { Bot } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Assistant } from "../features/model/modelApi";
import { Tile } from "../ui/Tile";
import { useMe } from "./useMe";

/** The part of the day that people greet each other with. */
function partOfDay(hour: number): "morning" | "afternoon" | "evening" {
  if (hour >= 5 && hour < 12) {
    return "morning";
  }
  return hour >= 12 && hour < 18 ? "afternoon" : "evening";
}

/** Opens a new chat: with the person's name, or with the assistant that will answer. */
export function Greeting({ assistant }: { assistant?: Assistant }) {
  const { t } = useTranslation();
  const { display_name } = useMe();
  if (assistant !== undefined) {
    return (
      <div className="flex min-h-24 flex-col items-center justify-end gap-2 pb-2 text-center">
        <Tile icon={Bot} size="large" />
        <h1 className="text-greeting max-md:text-title">{assistant.name}</h1>
        {assistant.description !== "" && <p className="max-w-md text-text-2">{assistant.description}</p>}
      </div>
    );
  }
  const name = display_name.trim().split(/\s+/)[0] ?? "";
  return (
    <h1 className="flex min-h-24 flex-col justify-end pb-3 text-center text-greeting break-words max-md:text-title">
      {t(`home.${partOfDay(new Date().getHours())}`, { name })}
    </h1>
  );
}
