/** Signing up, in and out. Each way in keeps the token of the answer. */
import { generatedApi, type TokenPair } from "../../api/generated";
import { keep, renew } from "../../api/session";
import { problemOf } from "../../api/problem";
import type { SessionState } from "./sessionSlice";

const keeping = { transformResponse: (pair: TokenPair) => (keep(pair), pair) };

const sessionApi = generatedApi.enhanceEndpoints({
  endpoints: {
    login: keeping,
    register: keeping,
    setUp: keeping,
    listSessions: { providesTags: ["Session"] },
    endSession: { invalidatesTags: ["Session"] },
  },
});

export const {
  useLoginMutation,
  useRegisterMutation,
  useSetUpMutation,
  useLogoutMutation,
  useListSessionsQuery,
  useEndSessionMutation,
  useEndAllSessionsMutation,
  useUpdateMeMutation,
  useChangeEmailMutation,
  useGetSetupQuery,
  useChangePasswordMutation,
} = sessionApi;

/** How the tab begins: with the session of the cookie, without one, or with the set-up. */
export async function findSession(): Promise<SessionState> {
  try {
    const pair = await renew();
    if (pair !== undefined) {
      return { phase: "signedIn", user: pair.user };
    }
    const setup = await fetch("/api/v1/setup");
    if (!setup.ok) {
      const data: unknown = await setup.json().catch(() => undefined);
      return { phase: "unreachable", problem: problemOf({ status: setup.status, data }) };
    }
    const { needed } = (await setup.json()) as { needed: boolean };
    return { phase: needed ? "setup" : "anonymous" };
  } catch (error) {
    return { phase: "unreachable", problem: problemOf(error) };
  }
}
