import {
  Archive,
  ArrowLeftRight,
  ChevronsUpDown,
  Keyboard,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  Settings,
  ShieldCheck,
  Sun,
} from "lucide-react";
import { Button, Menu, MenuItem, MenuSection, MenuTrigger, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { forget } from "../api/session";
import { useGetPreferencesQuery, useUpdatePreferencesMutation } from "../features/preferences/preferencesApi";
import { useLogoutMutation } from "../features/session/sessionApi";
import { isAtLeast, ROLES } from "../features/user/roles";
import { Popover } from "../ui/Popover";
import { Tile } from "../ui/Tile";
import { useMe } from "./useMe";

const THEMES = { system: Monitor, light: Sun, dark: Moon } as const;
type Theme = keyof typeof THEMES;

interface Entry {
  id: string;
  name: string;
  icon: LucideIcon;
}

const item =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-icon px-2.5 py-1.5 outline-none focused:bg-hover pointer-coarse:min-h-11 [&_svg]:size-4";

/** Who is signed in, and what belongs to the account: settings, the look, the way out. */
export function AccountMenu({ isRail, onKeys }: { isRail: boolean; onKeys: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const [logout] = useLogoutMutation();
  const { data: preferences } = useGetPreferencesQuery();
  const [update] = useUpdatePreferencesMutation();
  const administration = { id: "/admin", name: t("app.administration"), icon: ShieldCheck };
  const pages: Entry[] = [
    { id: "/settings", name: t("preferences.settings"), icon: Settings },
    { id: "/archive", name: t("conversation.putAway"), icon: Archive },
    { id: "/portability", name: t("portability.portability"), icon: ArrowLeftRight },
    { id: "keys", name: t("keys.keys"), icon: Keyboard },
    ...(isAtLeast(me.role, "manager") ? [administration] : []),
  ];

  function act(id: string | number) {
    if (id === "signOut") {
      void logout().finally(() => forget("signedOut"));
    } else if (id === "keys") {
      onKeys();
    } else {
      void navigate(String(id));
    }
  }

  return (
    <MenuTrigger>
      <Button
        aria-label={isRail ? t("app.account", { name: me.display_name }) : undefined}
        className={`flex min-h-[46px] cursor-pointer items-center gap-2.5 rounded-button text-start hovered:bg-hover pressed:bg-active ${isRail ? "justify-center" : "px-1.5"}`}
      >
        <Tile name={me.display_name} isRound />
        {!isRail && (
          <>
            <span className="flex min-w-0 flex-1 flex-col">
              <span dir="auto" className="truncate font-[560]">
                {me.display_name}
              </span>
              <span className="truncate text-small text-text-3">{t(ROLES[me.role])}</span>
            </span>
            <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-text-3" />
          </>
        )}
      </Button>
      <Popover placement="top start" className="w-60">
        <Menu aria-label={t("app.account", { name: me.display_name })} onAction={act} className="outline-none">
          <MenuSection aria-label={t("app.rooms")}>
            {pages.map(({ id, name, icon: Icon }) => (
              <MenuItem key={id} id={id} textValue={name} className={item}>
                <Icon aria-hidden="true" />
                <Text slot="label">{name}</Text>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            aria-label={t("preferences.theme")}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[preferences?.theme ?? "system"]}
            onSelectionChange={(keys) => {
              const [theme] = keys;
              void update({ updatePreferences: { theme: theme as Theme } });
            }}
            className="mt-1.5 flex gap-1 border-t border-line pt-1.5"
          >
            {Object.entries(THEMES).map(([theme, Icon]) => (
              <MenuItem
                key={theme}
                id={theme}
                textValue={t(`preferences.${theme as Theme}`)}
                aria-label={t(`preferences.${theme as Theme}`)}
                className={`${item} flex-1 justify-center selected:bg-active`}
              >
                <Icon aria-hidden="true" />
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection aria-label={t("session.signOut")} className="mt-1.5 border-t border-line pt-1.5">
            <MenuItem id="signOut" textValue={t("session.signOut")} className={item}>
              <LogOut aria-hidden="true" className="rtl:-scale-x-100" />
              <Text slot="label">{t("session.signOut")}</Text>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
