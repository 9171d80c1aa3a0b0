import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, problemOf } from "../../api/problem";
import { useDebounced } from "../../hooks/useDebounced";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/ComboBox";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { useAddMemberMutation, useListUsersQuery } from "./groupApi";

/** So many people are proposed at once. */
const PROPOSALS = 20;

interface Props {
  group: string;
  /** The server tells only administrators who has an account; others type the address. */
  knowsUsers: boolean;
}

/** Adds somebody who has an account, chosen by name or by address. */
export function AddMember({ group, knowsUsers }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim(), 150);
  const query = { q: q || undefined, limit: PROPOSALS };
  const { data: users, isFetching } = useListUsersQuery(query, { skip: !knowsUsers });
  const [chosen, setChosen] = useState<string>();
  const [add, { error, isLoading }] = useAddMemberMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  const people = users?.items.filter(({ suspended }) => !suspended) ?? [];
  const person = people.find(({ id, display_name }) => id === chosen && display_name === typed);

  async function submit() {
    const who = person === undefined ? { email: typed } : { user_id: person.id };
    const added = await add({ id: group, addMember: who });
    if (added.error === undefined) {
      setTyped("");
      setChosen(undefined);
    }
  }

  return (
    <Form label={t("group.add")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit()}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 basis-64">
          <ComboBox
            name={person === undefined ? "email" : "user_id"}
            label={knowsUsers ? t("group.nameOrEmail") : t("group.email")}
            options={people.map(({ id, display_name, email }) => ({ id, name: display_name, detail: email ?? "" }))}
            isLoading={knowsUsers && (isFetching || q !== typed.trim())}
            value={typed}
            onChange={setTyped}
            onChoose={setChosen}
          />
        </div>
        <Button type="submit" className="mt-6" isPending={isLoading}>
          <UserPlus aria-hidden="true" />
          {t("group.add")}
        </Button>
      </div>
    </Form>
  );
}
