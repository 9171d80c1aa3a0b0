import { configureStore } from "@reduxjs/toolkit";
import { setupListeners } from "@reduxjs/toolkit/query";
import { baseApi } from "../api/baseApi";
import { onForgotten } from "../api/session";
import { forgetDrafts } from "../features/message/draft";
import { runReducer } from "../features/message/runSlice";
import { sessionReducer, signedOut } from "../features/session/sessionSlice";

export function makeStore() {
  const store = configureStore({
    reducer: { [baseApi.reducerPath]: baseApi.reducer, session: sessionReducer, run: runReducer },
    middleware: (defaults) => defaults().concat(baseApi.middleware),
  });
  setupListeners(store.dispatch);
  // What one person has read is not for the next one.
  onForgotten(() => {
    store.dispatch(signedOut());
    store.dispatch(baseApi.util.resetApiState());
    forgetDrafts();
  });
  return store;
}

export type Dispatch = ReturnType<typeof makeStore>["dispatch"];
export type State = ReturnType<ReturnType<typeof makeStore>["getState"]>;
