import { useTranslation } from "react-i18next";
import { ShelfList } from "../features/conversation/ShelfList";
import { useTab } from "../hooks/useTab";
import { Page } from "../ui/Page";
import { Tabs } from "../ui/Tabs";

/** What was put away: the archive and the trash. */
export function Component() {
  const { t } = useTranslation();
  const [tab, setTab] = useTab(["archive", "trash"]);
  return (
    <Page title={t("conversation.putAway")}>
      <Tabs
        label={t("conversation.putAway")}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: "archive", title: t("conversation.archived"), content: <ShelfList place="archived" /> },
          { id: "trash", title: t("conversation.trashed"), content: <ShelfList place="trashed" /> },
        ]}
      />
    </Page>
  );
}
