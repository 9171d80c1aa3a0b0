import { generatedApi } from "../../api/generated";

export const { useGetOverviewQuery } = generatedApi;
