import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSelector } from "react-redux";
import { forget } from "../api/session";
import { Settings } from "../features/preferences/Settings";
import { Sessions } from "../features/session/Sessions";
import { useLogoutMutation } from "../features/session/sessionApi";
import { Button } from "../ui/Button";
import type { State } from "./store";

/** Who is signed in, the settings, and the way out. */
export function PersonMenu() {
  const { t } = useTranslation();
  const user = useSelector((state: State) => state.session.user);
  const [logout] = useLogoutMutation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="flex items-center gap-1 border-t border-line pt-2">
      <span className="min-w-0 flex-1 truncate px-2 text-sm">{user?.display_name}</span>
      <Button look="quiet" onPress={() => setIsOpen(true)}>
        {t("preferences.settings")}
      </Button>
      <Button look="quiet" onPress={() => void logout().finally(() => forget("signedOut"))}>
        {t("session.signOut")}
      </Button>
      <Settings isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Sessions />
      </Settings>
    </div>
  );
}
