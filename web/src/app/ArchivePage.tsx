import { useTranslation } from "react-i18next";
import { ShelfList } from "../features/conversation/ShelfList";
import { Page } from "../ui/Page";

/** What was put away: the archive and the trash. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("conversation.putAway")}>
      <ShelfList place="archived" />
      <ShelfList place="trashed" />
    </Page>
  );
}
