import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import type { User } from "../../api/generated";
import { fieldErrors } from "../../api/problem";
import { useSubmit } from "../../hooks/useSubmit";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { TextField } from "../../ui/TextField";
import { toast } from "../../ui/Toast";
import { useUpdateMeMutation } from "./sessionApi";
import { changed } from "./sessionSlice";

/** How others see the person who is signed in. */
export function Profile({ me }: { me: User }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const [name, setName] = useState(me.display_name);
  const [update] = useUpdateMeMutation();
  const { submit, busy, problem } = useSubmit(async (display_name: string) => {
    dispatch(changed(await update({ updateMe: { display_name } }).unwrap()));
    toast(t("app.saved"));
  });
  return (
    <Form label={t("session.profile")} errors={problem && fieldErrors(problem)} onSubmit={() => void submit(name)}>
      {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
      <TextField
        name="display_name"
        label={t("session.displayName")}
        isRequired
        autoComplete="name"
        value={name}
        onChange={setName}
      />
      <Button
        type="submit"
        look="primary"
        className="self-start"
        isPending={busy}
        isDisabled={name.trim() === me.display_name}
      >
        {t("app.save")}
      </Button>
    </Form>
  );
}
