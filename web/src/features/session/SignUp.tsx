import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { Link, useLocation } from "react-router";
import { FormPage } from "../../ui/FormPage";
import { Credentials } from "./Credentials";
import { useGetSetupQuery, useRegisterMutation } from "./sessionApi";
import { signedIn } from "./sessionSlice";

export default function SignUp() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const { state } = useLocation() as { state: unknown };
  const [register] = useRegisterMutation();
  const { data: setup } = useGetSetupQuery();
  return (
    <FormPage title={t("session.signUpTitle")}>
      {setup?.registration_open === false ? (
        <p role="status">{t("session.registrationClosed")}</p>
      ) : (
        <Credentials
          asks={["display_name"]}
          action={t("session.signUp")}
          onSubmit={async ({ email, password, display_name }) => {
            const pair = await register({ register: { email, password, display_name, cookie: true } }).unwrap();
            dispatch(signedIn(pair.user));
          }}
        />
      )}
      <p className="text-text-2">
        {t("session.haveAccount")}{" "}
        <Link className="font-[560] text-accent-text hover:underline" to="/login" state={state}>
          {t("session.signIn")}
        </Link>
      </p>
    </FormPage>
  );
}
