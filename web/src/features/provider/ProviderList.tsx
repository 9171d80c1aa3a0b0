import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { useListProvidersQuery } from "./providerApi";
import { ProviderRow } from "./ProviderRow";

/** All providers, and whether they answer. */
export function ProviderList() {
  const { t } = useTranslation();
  const { data, isLoading, isError, error, refetch } = useListProvidersQuery();
  if (isLoading) {
    return <Skeleton />;
  }
  if (isError) {
    return <Failed problem={problemOf(error)} onRetry={refetch} />;
  }
  const columns = [t("provider.name"), t("provider.baseUrl"), t("provider.state"), t("provider.actions")];
  return data?.items.length === 0 ? (
    <p className="text-sm text-text-2">{t("provider.none")}</p>
  ) : (
    <Table label={t("provider.providers")} columns={columns}>
      {data?.items.map((provider) => (
        <ProviderRow key={provider.id} provider={provider} />
      ))}
    </Table>
  );
}
