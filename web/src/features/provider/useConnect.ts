import { useState } from "react";
import { problemOf } from "../../api/problem";
import {
  type Provider,
  useCreateProviderMutation,
  useListProvidersQuery,
  useUpdateProviderMutation,
} from "./providerApi";

export type Connection = Pick<Provider, "name" | "kind" | "base_url">;

/** Connects a provider. One that is known and does not respond is corrected instead of being added twice. */
export function useConnect(onAdded: (provider: Provider) => void) {
  const [added, setAdded] = useState<Provider>();
  const { data: known } = useListProvidersQuery();
  const [create, creating] = useCreateProviderMutation();
  const [update, updating] = useUpdateProviderMutation();
  const error = creating.error ?? updating.error;

  async function connect({ name, kind, base_url }: Connection, key: string) {
    reset();
    const isSame = (one?: Provider) => one?.name === name && one.kind === kind;
    const failed = isSame(added) ? added : known?.items.find((one) => isSame(one) && one.health !== "ok");
    // The form has never shown a key that was entered before it was opened, so an empty field does not remove it.
    const isKept = failed !== added && failed?.base_url === base_url;
    const { data } =
      failed === undefined
        ? await create({ createProvider: { name, kind, base_url, api_key: key || null } })
        : await update({ id: failed.id, updateProvider: { base_url, api_key: key || (isKept ? undefined : null) } });
    if (data !== undefined) {
      setAdded(data);
      onAdded(data);
    }
  }

  function reset() {
    creating.reset();
    updating.reset();
  }

  return {
    connect,
    reset,
    problem: error === undefined ? undefined : problemOf(error),
    isPending: creating.isLoading || updating.isLoading,
  };
}
