import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCreateGroupMutation } from "../features/group/groupApi";
import { GroupForm } from "../features/group/GroupForm";
import { GroupList } from "../features/group/GroupList";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Page } from "../ui/Page";

/** The groups of the installation: who shares what with whom. */
export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isOpen, setIsOpen] = useState(false);
  const [create] = useCreateGroupMutation();
  return (
    <Page
      title={t("group.groups")}
      description={t("group.about")}
      actions={
        <Button look="primary" onPress={() => setIsOpen(true)}>
          <Plus aria-hidden="true" />
          {t("group.new")}
        </Button>
      }
    >
      <GroupList />
      <Dialog title={t("group.new")} isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <GroupForm
          onSave={async (createGroup) => {
            const group = await create({ createGroup }).unwrap();
            await navigate(`/admin/groups/${group.id}`);
            return group;
          }}
        />
      </Dialog>
    </Page>
  );
}
