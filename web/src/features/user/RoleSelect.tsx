import { useTranslation } from "react-i18next";
import { Select } from "../../ui/Select";
import { type Role, ROLES } from "./roles";

/** A role, and what it lets people do. */
export function RoleSelect({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  const { t } = useTranslation();
  const options = Object.fromEntries(Object.entries(ROLES).map(([id, text]) => [id, t(text)])) as Record<Role, string>;
  return (
    <Select
      label={t("user.role")}
      value={role}
      options={options}
      hint={t(`user.roleHints.${role}`)}
      onChange={onChange}
    />
  );
}
