import { PlugZap } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isTransient, problemOf } from "../../api/problem";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Skeleton } from "../../ui/Skeleton";
import { Table } from "../../ui/Table";
import { useListModelsQuery, useListProvidersQuery } from "./providerApi";
import { ProviderRow } from "./ProviderRow";

/** All providers, and whether they answer. */
export function ProviderList() {
  const { t } = useTranslation();
  const { data, error, refetch } = useListProvidersQuery();
  const { data: models } = useListModelsQuery({});
  if (data === undefined) {
    return error === undefined || isTransient(error) ? (
      <Skeleton />
    ) : (
      <Failed problem={problemOf(error)} onRetry={refetch} />
    );
  }
  if (data.items.length === 0) {
    return <EmptyState icon={PlugZap} title={t("provider.none")} />;
  }
  const columns = [
    t("provider.provider"),
    t("provider.state"),
    { title: t("provider.models"), align: "end" as const },
    t("provider.key"),
    { title: t("provider.actions"), isHidden: true as const },
  ];
  const countOf = (name: string) => models?.items.filter(({ provider }) => provider === name).length;
  return (
    <Table label={t("provider.providers")} columns={columns}>
      {data.items.map((provider) => (
        <ProviderRow key={provider.id} provider={provider} models={countOf(provider.name)} />
      ))}
    </Table>
  );
}
