import { Compass, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "./ButtonLink";

interface Props {
  title: string;
  detail?: string;
  icon?: LucideIcon;
  /** Where one goes on from here, beside home. */
  back?: { to: string; name: string };
}

/** Nothing is at this address, or nothing for this person. */
export function NotFound({ title, detail, icon: Icon = Compass, back }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
      <title>{`${title} · ${t("app.name")}`}</title>
      <span aria-hidden="true" className="rounded-popover bg-accent-soft p-3 text-accent-text">
        <Icon className="size-10" strokeWidth={1.5} />
      </span>
      <h1 className="text-title">{title}</h1>
      {detail !== undefined && <p className="max-w-md text-text-2">{detail}</p>}
      <div className="flex flex-wrap justify-center gap-2">
        {back !== undefined && (
          <ButtonLink to={back.to} look="plain">
            {back.name}
          </ButtonLink>
        )}
        <ButtonLink to="/">{t("app.home")}</ButtonLink>
      </div>
    </div>
  );
}
