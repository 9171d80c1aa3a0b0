import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { Composer } from "../features/message/Composer";
import { fillDraft, moveDraft } from "../features/message/draft";
import { ModelChip } from "../features/model/ModelChip";
import { ModelMissing } from "../features/model/ModelMissing";
import type { Choice } from "../features/model/sections";
import { useAnswerer } from "../features/model/useAnswerer";
import { FirstSteps } from "../features/onboarding/FirstSteps";
import { useNotes } from "../features/onboarding/useNotes";
import { useGetPreferencesQuery } from "../features/preferences/preferencesApi";
import { isAtLeast } from "../features/user/roles";
import { useHere } from "../hooks/useHere";
import { ChatHeader } from "./ChatHeader";
import { Greeting } from "./Greeting";
import { HomeCards } from "./HomeCards";
import { type Starter, STARTER_ICONS } from "./starters";
import { useFirstMessage } from "./useFirstMessage";
import { useMe } from "./useMe";

/** The draft of a chat that does not exist yet. */
const PLACE = "new";

/** Where a chat starts: who answers is chosen, and the first message creates it. */
export function NewChat() {
  const { t } = useTranslation();
  const { role } = useMe();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const assistantId = search.get("assistant") ?? undefined;
  const { data: preferences } = useGetPreferencesQuery();
  const [model, setModel] = useState<string>();
  // The server does the same for a chat that is started without an assistant.
  const usual = assistantId === undefined ? (preferences?.default_model ?? undefined) : undefined;
  const answerer = useAnswerer(assistantId, model ?? usual);
  const notes = useNotes();
  const hasSteps = isAtLeast(role, "admin") && !notes.isDismissed;
  const sendFirst = useFirstMessage();
  const here = useHere(useLocation().key);
  const box = useRef<HTMLTextAreaElement>(null);
  const { assistant, assistants } = answerer;

  async function send(content: string, attachment_ids: string[]) {
    const isHere = here();
    const id = await sendFirst({ model, assistant_id: assistantId }, content, attachment_ids);
    // If the person has left the page meanwhile, it does not navigate.
    if (isHere()) {
      moveDraft(PLACE, id);
      await navigate(`/c/${id}`);
    }
  }

  function choose(choice: Choice) {
    if ("model" in choice) {
      setModel(choice.model);
      return;
    }
    const isDefault = assistants.some(({ id, is_default }) => id === choice.assistantId && is_default);
    setModel(undefined);
    setSearch(isDefault ? {} : { assistant: choice.assistantId }, { replace: true });
  }

  function start(starter: Starter) {
    const texts = (Object.keys(STARTER_ICONS) as Starter[]).map((one) => t(`home.starters.${one}.text`));
    fillDraft(PLACE, t(`home.starters.${starter}.text`), texts);
    box.current?.focus();
  }

  return (
    <>
      <title>{`${t("conversation.untitled")} · ${t("app.name")}`}</title>
      <ChatHeader answerer={answerer} onChoose={choose} />
      {/* What is below the composer, or chosen in it, moves it nowhere. */}
      <div className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto px-4 pt-[8vh] pb-8 max-md:pt-4">
        <div className="flex w-full max-w-reading flex-col gap-4">
          <div className="flex min-h-36 flex-col justify-end">
            <Greeting assistant={assistant} />
          </div>
          <ModelMissing answerer={answerer} onChoose={choose} />
          <Composer
            place={PLACE}
            box={box}
            sendOnEnter={preferences?.send_on_enter ?? true}
            assistant={assistant?.name}
            model={answerer.model}
            picker={<ModelChip answerer={answerer} onChoose={choose} />}
            onSend={send}
          />
          {assistant === undefined && <HomeCards answerer={answerer} hasSteps={hasSteps} onStart={start} />}
          {assistant === undefined && hasSteps && <FirstSteps notes={notes} />}
        </div>
      </div>
    </>
  );
}
