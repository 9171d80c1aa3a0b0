import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { Link, useLocation } from "react-router";
import { FormPage } from "../../ui/FormPage";
import { Credentials } from "./Credentials";
import { useGetSetupQuery, useLoginMutation } from "./sessionApi";
import { signedIn } from "./sessionSlice";

export default function SignIn() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const [login] = useLoginMutation();
  const { data: setup } = useGetSetupQuery();
  const { state } = useLocation() as { state: { endedFor?: string } | null };
  return (
    <FormPage title={t("session.signInTitle")}>
      {state?.endedFor !== undefined && (
        <p role="status" className="rounded-frame bg-warn-soft px-3.5 py-2.5">
          {t("session.ended")}
        </p>
      )}
      <Credentials
        action={t("session.signIn")}
        onSubmit={async ({ email, password }) => {
          const pair = await login({ login: { email, password, cookie: true } }).unwrap();
          dispatch(signedIn(pair.user));
        }}
      />
      {setup?.registration_open === true && (
        <p className="text-text-2">
          {t("session.noAccount")}{" "}
          <Link className="font-[560] text-accent-text hover:underline" to="/register" state={state}>
            {t("session.signUp")}
          </Link>
        </p>
      )}
    </FormPage>
  );
}
