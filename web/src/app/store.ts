import { configureStore } from "@reduxjs/toolkit";
import { setupListeners } from "@reduxjs/toolkit/query";
import { baseApi } from "../api/baseApi";
import { onForgotten } from "../api/session";
import { forgetDrafts, setDraftOwner } from "../features/message/draftStore";
import { runReducer } from "../features/message/runSlice";
import { sessionReducer, signedOut } from "../features/session/sessionSlice";
import { clearToasts } from "../ui/Toast";

export function makeStore() {
  const store = configureStore({
    reducer: { [baseApi.reducerPath]: baseApi.reducer, session: sessionReducer, run: runReducer },
    middleware: (defaults) => defaults().concat(baseApi.middleware),
  });
  setupListeners(store.dispatch);
  // What one person has read is not for the next one.
  onForgotten((reason) => {
    const { user } = store.getState().session;
    // Several requests may learn of one end.
    if (reason === "signedOut" || user !== undefined) {
      store.dispatch(signedOut(reason === "ended" ? user?.id : undefined));
    }
    store.dispatch(baseApi.util.resetApiState());
    clearToasts();
    // Whose session was ended elsewhere comes back to what was typed.
    if (reason === "signedOut") {
      forgetDrafts();
    }
  });
  store.subscribe(() => {
    const { phase, user } = store.getState().session;
    if (user !== undefined) {
      setDraftOwner(user.id);
    } else if (phase === "anonymous" || phase === "setup") {
      setDraftOwner("");
    }
  });
  return store;
}

export type Dispatch = ReturnType<typeof makeStore>["dispatch"];
export type State = ReturnType<ReturnType<typeof makeStore>["getState"]>;
