import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Failed } from "../../ui/Failed";
import { Cell, Row } from "../../ui/Table";
import { type Provider, useDeleteProviderMutation, useTestProviderMutation } from "./providerApi";
import { ProviderHealth } from "./ProviderHealth";

export function ProviderRow({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const [test, check] = useTestProviderMutation();
  const [remove, removal] = useDeleteProviderMutation();
  const [confirms, setConfirms] = useState(false);
  const { id, name } = provider;
  const failed = check.error ?? removal.error;
  return (
    <>
      <Row>
        <Cell>{name}</Cell>
        <Cell>
          {provider.base_url} {!provider.has_api_key && <Badge>{t("provider.keyless")}</Badge>}
        </Cell>
        <Cell>
          <span role="status">
            <ProviderHealth provider={provider} />
          </span>
        </Cell>
        <Cell>
          <span className="flex gap-2">
            <Button
              isPending={check.isLoading}
              aria-label={t("provider.testOf", { name })}
              onPress={() => void test({ id })}
            >
              {t("provider.test")}
            </Button>
            <Button aria-label={t("provider.removeOf", { name })} onPress={() => setConfirms(true)}>
              {t("provider.remove")}
            </Button>
          </span>
          <Confirm
            title={t("provider.removeTitle", { name })}
            action={t("provider.remove")}
            isOpen={confirms}
            onClose={() => setConfirms(false)}
            onConfirm={() => void remove({ id })}
          >
            <p className="text-sm">{t("provider.removeHint")}</p>
          </Confirm>
        </Cell>
      </Row>
      {failed !== undefined && (
        <tr>
          <td colSpan={4} className="px-3 pb-2">
            <Failed problem={problemOf(failed)} />
          </td>
        </tr>
      )}
    </>
  );
}
