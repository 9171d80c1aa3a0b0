import { generatedApi, type Usage, type UsageBy } from "../../api/generated";

/** How often the state of the server is read while somebody looks, in milliseconds. */
const LOOK = 2_000;

const { useGetOverviewQuery } = generatedApi;
export const { useGetUsageQuery } = generatedApi;

/** What there is now and how the server is, kept up to date. */
export function useOverview() {
  return useGetOverviewQuery(undefined, { pollingInterval: LOOK, skipPollingIfUnfocused: true });
}

export type { Usage, UsageBy };
