import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCreateGroupMutation } from "../features/group/groupApi";
import { GroupForm } from "../features/group/GroupForm";
import { GroupList } from "../features/group/GroupList";
import { Button } from "../ui/Button";
import { Page } from "../ui/Page";
import { Dialog } from "../ui/Dialog";

export function Component() {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [create] = useCreateGroupMutation();
  const close = () => setIsOpen(false);
  return (
    <Page
      title={t("group.groups")}
      actions={
        <Button look="primary" onPress={() => setIsOpen(true)}>
          {t("group.new")}
        </Button>
      }
    >
      <GroupList />
      <Dialog title={t("group.new")} isOpen={isOpen} onClose={close}>
        <GroupForm
          action={t("group.create")}
          onSubmit={(createGroup) => create({ createGroup }).unwrap().then(close)}
        />
      </Dialog>
    </Page>
  );
}
