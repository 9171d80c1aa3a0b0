import { dashboard, usage } from "./analytics.en";
import { app } from "./app.en";
import { assistant } from "./assistant.en";
import { backup } from "./backup.en";
import { composer } from "./composer.en";
import { conversation } from "./conversation.en";
import { group } from "./group.en";
import { home } from "./home.en";
import { keys } from "./keys.en";
import { knowledge } from "./knowledge.en";
import { log } from "./log.en";
import { markdown } from "./markdown.en";
import { message } from "./message.en";
import { onboarding } from "./onboarding.en";
import { model } from "./model.en";
import { portability } from "./portability.en";
import { preferences } from "./preferences.en";
import { problems } from "./problems.en";
import { projection } from "./projection.en";
import { provider } from "./provider.en";
import { search } from "./search.en";
import { session } from "./session.en";
import { thread } from "./thread.en";
import { user } from "./user.en";

export const en = {
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

export type Texts = typeof en;
