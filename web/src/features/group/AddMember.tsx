import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { useAddMemberMutation } from "./groupApi";

/** Adds somebody who has an account, by the address. */
export function AddMember({ group }: { group: string }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [add, { error, isLoading }] = useAddMemberMutation();
  const problem = error === undefined ? undefined : problemOf(error);

  async function submit() {
    const added = await add({ id: group, addMember: { email } });
    if (added.error === undefined) {
      setEmail("");
    }
  }

  return (
    <Form label={t("group.add")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField name="email" type="email" label={t("group.email")} isRequired value={email} onChange={setEmail} />
      <Button type="submit" className="self-start" isPending={isLoading}>
        {t("group.add")}
      </Button>
    </Form>
  );
}
