import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { rooms } from "./rooms";
import { useMe } from "./useMe";

/** The way to all rooms beside the chat that the person may enter. */
export function Rooms() {
  const { t } = useTranslation();
  const { role } = useMe();
  return (
    <nav aria-label={t("app.rooms")} className="flex flex-wrap gap-x-1 border-t border-line pt-2">
      {rooms(role).map(({ to, name }) => (
        <NavLink
          key={to}
          to={to}
          className="rounded-lg px-2 py-1.5 text-sm hover:bg-hover aria-[current=page]:bg-hover aria-[current=page]:font-medium"
        >
          {t(name)}
        </NavLink>
      ))}
    </nav>
  );
}
