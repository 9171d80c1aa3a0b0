import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { FormPage } from "../../ui/FormPage";
import { Credentials } from "./Credentials";
import { useSetUpMutation } from "./sessionApi";
import { signedIn } from "./sessionSlice";

/** The token of the link that the server printed: it is in the fragment, which browsers never send to a server. */
function tokenOfLink(): string {
  return new URLSearchParams(globalThis.location.hash.slice(1)).get("token") ?? "";
}

export default function SetUp() {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const [setUp] = useSetUpMutation();
  const [token] = useState(tokenOfLink);
  // It works once, and has no place in the history.
  useEffect(() => globalThis.history.replaceState(globalThis.history.state, "", globalThis.location.pathname), []);
  return (
    <FormPage title={t("session.setUp")} description={t(token === "" ? "session.setUpTokenHint" : "session.setUpHint")}>
      <Credentials
        asks={token === "" ? ["token", "display_name"] : ["display_name"]}
        initial={{ token }}
        action={t("session.begin")}
        onSubmit={async (given) => {
          const pair = await setUp({ setup: { ...given, cookie: true } }).unwrap();
          dispatch(signedIn(pair.user));
        }}
      />
    </FormPage>
  );
}
