import { Bot, type LucideIcon, Plug } from "lucide-react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Answerer } from "../features/model/useAnswerer";
import { isAtLeast } from "../features/user/roles";
import { ButtonLink } from "../ui/ButtonLink";
import { Tile } from "../ui/Tile";
import { type Starter, STARTER_ICONS, startersOf } from "./starters";
import { useMe } from "./useMe";

const CARDS = 4;
const ASSISTANTS = 2;

interface Props {
  answerer: Answerer;
  /** The first steps are shown, and say how a model is connected. */
  hasSteps: boolean;
  /** With a text to start from. */
  onStart: (starter: Starter) => void;
}

/** Where a new chat can start: assistants, texts for the composer, and first of all a model where there is none. */
export function HomeCards({ answerer, hasSteps, onStart }: Props) {
  const { t } = useTranslation();
  const mayConnect = isAtLeast(useMe().role, "admin");
  const { models, isLoaded } = answerer;
  const assistants = answerer.assistants
    .filter(({ is_default, status }) => !is_default && status === "active")
    .slice(0, ASSISTANTS);
  const starters = startersOf(answerer).slice(0, CARDS - assistants.length);
  const hasProvider = models.some((model) => !model.built_in);
  return (
    <ul aria-label={t("home.suggestions")} className="grid w-full sm:auto-rows-fr gap-2.5 sm:grid-cols-2">
      {isLoaded && !hasProvider && !hasSteps && (
        <li className="flex flex-wrap items-center gap-3 rounded-card border border-line p-3.5 sm:col-span-2">
          <CardText
            icon={Plug}
            title={t(mayConnect ? "home.noModel" : "home.askAdministrator")}
            hint={t("home.connectHint")}
          />
          {mayConnect && <ButtonLink to="/connect">{t("home.connect")}</ButtonLink>}
        </li>
      )}
      {assistants.map(({ id, name, description }) => (
        <li key={id} className="contents">
          <Link to={`/?assistant=${id}`} className={`${card} hover:bg-hover`}>
            <CardText icon={Bot} title={name} hint={description || t("home.assistantHint")} />
          </Link>
        </li>
      ))}
      {starters.map((starter) => (
        <li key={starter} className="contents">
          <Button className={`${card} hovered:bg-hover`} onPress={() => onStart(starter)}>
            <CardText
              icon={STARTER_ICONS[starter]}
              title={t(`home.starters.${starter}.title`)}
              hint={t(`home.starters.${starter}.hint`)}
            />
          </Button>
        </li>
      ))}
    </ul>
  );
}

const card =
  "flex min-w-0 cursor-pointer items-center gap-3 rounded-card border border-line p-3.5 text-start transition-colors";

function CardText({ icon, title, hint }: { icon: LucideIcon; title: string; hint: string }) {
  return (
    <>
      <Tile icon={icon} />
      <span className="flex min-w-0 flex-1 basis-52 flex-col gap-0.5">
        <span dir="auto" className="line-clamp-2 text-ui font-[560]">
          {title}
        </span>
        <span dir="auto" className="line-clamp-2 text-label font-[450] text-text-3">
          {hint}
        </span>
      </span>
    </>
  );
}
