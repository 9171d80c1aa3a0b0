import { dashboard, usage } from "./analytics.ar";
import { app } from "./app.ar";
import { assistant } from "./assistant.ar";
import { backup } from "./backup.ar";
import { composer } from "./composer.ar";
import { conversation } from "./conversation.ar";
import { group } from "./group.ar";
import { home } from "./home.ar";
import { keys } from "./keys.ar";
import { knowledge } from "./knowledge.ar";
import { log } from "./log.ar";
import { markdown } from "./markdown.ar";
import { message } from "./message.ar";
import { onboarding } from "./onboarding.ar";
import { model } from "./model.ar";
import { portability } from "./portability.ar";
import { preferences } from "./preferences.ar";
import { problems } from "./problems.ar";
import { projection } from "./projection.ar";
import { provider } from "./provider.ar";
import { search } from "./search.ar";
import { session } from "./session.ar";
import { thread } from "./thread.ar";
import { user } from "./user.ar";
import type { Texts } from "./en";
import type { Arabic } from "./plural";

export const ar: Arabic<Texts> = {
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
