import { generatedApi, type Usage, type UsageBy } from "../../api/generated";

export const { useGetOverviewQuery, useGetUsageQuery } = generatedApi;

export type { Usage, UsageBy };
