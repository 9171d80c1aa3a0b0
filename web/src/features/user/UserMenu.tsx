import { Ban, CircleCheck, Ellipsis, KeyRound, Pencil, ShieldUser, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import type { User } from "./userApi";

/** What opens a dialog. */
export type UserAction = "role" | "edit" | "password" | "erase";

interface Props {
  user: User;
  /** Nobody locks themselves out. */
  isMe: boolean;
  onAction: (action: UserAction) => void;
  onSuspend: (isSuspended: boolean) => void;
}

/** What administrators can do about an account. */
export function UserMenu({ user: { display_name: name, suspended }, isMe, onAction, onSuspend }: Props) {
  const { t } = useTranslation();
  const edit = { id: "edit", label: t("user.edit"), icon: Pencil, onAction: () => onAction("edit") };
  const others = [
    { id: "role", label: t("user.changeRole"), icon: ShieldUser, onAction: () => onAction("role") },
    { id: "password", label: t("user.resetPassword"), icon: KeyRound, onAction: () => onAction("password") },
    {
      id: "suspend",
      label: t(suspended ? "user.reactivate" : "user.suspend"),
      icon: suspended ? CircleCheck : Ban,
      onAction: () => onSuspend(!suspended),
    },
  ];
  const erase = {
    id: "erase",
    label: t("user.eraseDots"),
    icon: Trash2,
    isDanger: true,
    onAction: () => onAction("erase"),
  };
  const label = t("user.actionsOf", { name });
  return (
    <Menu label={label} groups={isMe ? [[edit]] : [[edit, ...others], [erase]]}>
      <IconButton label={label} icon={Ellipsis} />
    </Menu>
  );
}
