import { dashboard, usage } from "./analytics.de";
import { app } from "./app.de";
import { assistant } from "./assistant.de";
import { backup } from "./backup.de";
import { composer } from "./composer.de";
import { conversation } from "./conversation.de";
import { group } from "./group.de";
import { home } from "./home.de";
import { keys } from "./keys.de";
import { knowledge } from "./knowledge.de";
import { log } from "./log.de";
import { markdown } from "./markdown.de";
import { message } from "./message.de";
import { onboarding } from "./onboarding.de";
import { model } from "./model.de";
import { portability } from "./portability.de";
import { preferences } from "./preferences.de";
import { problems } from "./problems.de";
import { projection } from "./projection.de";
import { provider } from "./provider.de";
import { search } from "./search.de";
import { session } from "./session.de";
import { thread } from "./thread.de";
import { user } from "./user.de";
import type { Texts } from "./en";

export const de: Texts = {
  app,
  assistant,
  backup,
  composer,
  conversation,
  dashboard,
  group,
  home,
  keys,
  knowledge,
  log,
  markdown,
  message,
  onboarding,
  model,
  portability,
  preferences,
  problems,
  projection,
  provider,
  search,
  session,
  thread,
  usage,
  user,
};
