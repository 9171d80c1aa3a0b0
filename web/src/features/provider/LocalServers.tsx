import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { Tile } from "../../ui/Tile";
import {
  type Provider,
  useCreateProviderMutation,
  useListLocalServersQuery,
  useListProvidersQuery,
} from "./providerApi";

/** How often it is looked for a server that has been started meanwhile, in milliseconds. */
const LOOK = 5_000;

/** Servers of models that were found on this machine and are not connected, each with one press. */
export function LocalServers({ onAdded }: { onAdded: (provider: Provider) => void }) {
  const { t } = useTranslation();
  const { data: found } = useListLocalServersQuery(undefined, { pollingInterval: LOOK, skipPollingIfUnfocused: true });
  const { data: known } = useListProvidersQuery();
  const [create, { error, isLoading }] = useCreateProviderMutation();
  const connected = new Set(known?.items.map((provider) => provider.base_url));
  const servers = found?.items.filter((server) => !connected.has(server.base_url)) ?? [];

  async function connect(name: string, base_url: string) {
    const { data } = await create({ createProvider: { name, base_url, kind: "openai_compatible" } });
    if (data !== undefined) {
      onAdded(data);
    }
  }

  if (servers.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="local" className="flex flex-col gap-2 rounded-card border border-line p-4">
      <h2 id="local" className="text-label">
        {t("provider.local")}
      </h2>
      {error !== undefined && <Failed problem={problemOf(error)} />}
      <ul className="flex flex-col gap-2">
        {servers.map(({ name, base_url }) => (
          <li key={base_url} className="flex flex-wrap items-center justify-between gap-3">
            <span className="flex min-w-0 items-center gap-3">
              <Tile look="plain" name={name} />
              <span className="flex min-w-0 flex-col">
                <span className="font-[560]">{name}</span>
                <span dir="ltr" className="text-small break-all text-text-3">
                  {base_url}
                </span>
              </span>
            </span>
            <Button look="primary" isPending={isLoading} onPress={() => void connect(name, base_url)}>
              {t("provider.connectLocal", { name })}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
