/** Whether somebody is signed in here, and who. */
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";
import type { User } from "../../api/generated";

export type SessionState =
  { phase: "starting" | "unreachable" | "setup" | "anonymous"; user?: undefined } | { phase: "signedIn"; user: User };

const initialState = { phase: "starting" } as SessionState;

const slice = createSlice({
  name: "session",
  initialState,
  reducers: {
    found: (_, action: PayloadAction<SessionState>) => action.payload,
    signedIn: (_, action: PayloadAction<User>): SessionState => ({ phase: "signedIn", user: action.payload }),
    /** The account is another than it was: a new role opens and closes rooms. */
    changed: (state, action: PayloadAction<User>): SessionState =>
      state.phase === "signedIn" ? { phase: "signedIn", user: action.payload } : state,
    signedOut: (): SessionState => ({ phase: "anonymous" }),
  },
});

export const { found, signedIn, changed, signedOut } = slice.actions;
export const sessionReducer = slice.reducer;
