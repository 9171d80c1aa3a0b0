import { useTranslation } from "react-i18next";
import { ShelfList } from "../features/conversation/ShelfList";
import { Room } from "../ui/Room";

/** What was put away: the archive and the trash. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Room title={t("conversation.putAway")}>
      <ShelfList place="archived" />
      <ShelfList place="trashed" />
    </Room>
  );
}
