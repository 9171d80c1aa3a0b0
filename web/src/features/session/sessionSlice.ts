/** Whether somebody is signed in here, and who. */
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";
import type { User } from "../../api/generated";

export type SessionState =
  | { phase: "starting" | "setup"; user?: undefined }
  /** With what keeps the server out of reach, where that is known. */
  | { phase: "unreachable"; user?: undefined; problem?: { code: string; detail: string } }
  /** With whose session was ended elsewhere, or whether somebody has signed out, where that has just happened. */
  | { phase: "anonymous"; user?: undefined; endedFor?: string; hasLeft?: boolean }
  | { phase: "signedIn"; user: User };

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
    /** With the id of the person whose session was ended elsewhere. */
    signedOut: (_, { payload }: PayloadAction<string | undefined>): SessionState => ({
      phase: "anonymous",
      endedFor: payload,
      hasLeft: payload === undefined,
    }),
  },
});

export const { found, signedIn, changed, signedOut } = slice.actions;
export const sessionReducer = slice.reducer;
