import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";
import { useMe } from "../useMe";
import { sectionsOf } from "./sections";

/** The frame of the administration: its own navigation, as a column or, where there is little room, as a row that
 * scrolls. */
export function Component() {
  const { t } = useTranslation();
  const { role } = useMe();
  const { pathname } = useLocation();
  const navigation = useRef<HTMLElement>(null);
  // In the row the current page may be out of sight.
  useEffect(() => {
    navigation.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  return (
    <div className="@container flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col @3xl:flex-row">
        <nav
          ref={navigation}
          aria-label={t("app.administration")}
          className="flex shrink-0 gap-1 overflow-x-auto border-line p-2 @max-3xl:border-b @3xl:w-54 @3xl:flex-col @3xl:overflow-y-auto @3xl:border-e @3xl:px-2.5 @3xl:py-4"
        >
          <p className="px-2.5 pb-1.5 text-small font-[560] text-text-3 @max-3xl:hidden">{t("app.administration")}</p>
          {sectionsOf(role).map(({ to, name, icon: Icon }) => (
            <NavLink
              key={to}
              to={to}
              className="flex min-h-9 items-center gap-2.5 rounded-button px-2.5 whitespace-nowrap text-text-2 transition-colors hover:bg-hover hover:text-text aria-[current=page]:bg-active aria-[current=page]:font-[560] aria-[current=page]:text-text pointer-coarse:min-h-11"
            >
              <Icon aria-hidden="true" strokeWidth={1.9} className="size-[17px] shrink-0" />
              {t(name)}
            </NavLink>
          ))}
        </nav>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <Outlet />
        </div>
      </div>
    </div>
  );
}
