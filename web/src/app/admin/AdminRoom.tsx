import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { Page } from "../../ui/Page";

const ROOMS = {
  "/admin/users": "user.users",
  "/admin/providers": "provider.providers",
  "/admin/log": "log.log",
  "/admin/projections": "projection.projections",
  "/admin/backups": "backup.backups",
} as const;

interface Props {
  title: (typeof ROOMS)[keyof typeof ROOMS];
  actions?: ReactNode;
  children: ReactNode;
}

/** A room of the administration, and the way to the others. */
export function AdminRoom({ title, actions, children }: Props) {
  const { t } = useTranslation();
  return (
    <Page title={t(title)} actions={actions}>
      <nav aria-label={t("app.administration")} className="-mt-2 flex flex-wrap gap-1">
        {Object.entries(ROOMS).map(([to, name]) => (
          <NavLink
            key={to}
            to={to}
            className="rounded-lg px-3 py-1.5 text-sm hover:bg-hover aria-[current=page]:bg-hover aria-[current=page]:font-medium"
          >
            {t(name)}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  );
}
