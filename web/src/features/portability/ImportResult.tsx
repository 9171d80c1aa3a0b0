import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { Button } from "../../ui/Button";
import { Details } from "../../ui/Details";
import { Cell, Row, Table } from "../../ui/Table";
import { type Imported, useDeleteFileMutation } from "./portabilityApi";

/** What has come of an import: what is new, what was there, and what could not come in. */
export function ImportResult({ result, file }: { result: Imported; file: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [remove, { isSuccess: isGone, isError: isKept }] = useDeleteFileMutation();
  const kinds = ["conversations", "files", "assistants", "knowledge_bases", "documents"] as const;
  const columns = [
    t("portability.what"),
    { title: t("portability.new"), align: "end" as const },
    { title: t("portability.known"), align: "end" as const },
  ];
  return (
    <div className="flex flex-col gap-3">
      <p className="font-[560]">{t("portability.imported", { count: result.messages })}</p>
      <Table label={t("portability.result")} columns={columns}>
        {kinds
          .filter((kind) => result[kind].new + result[kind].known > 0)
          .map((kind) => (
            <Row key={kind}>
              <Cell>{t(`portability.kinds.${kind}`)}</Cell>
              <Cell align="end">{format.number(result[kind].new)}</Cell>
              <Cell align="end">{format.number(result[kind].known)}</Cell>
            </Row>
          ))}
      </Table>
      {result.files.missing > 0 && <p>{t("portability.missing", { count: result.files.missing })}</p>}
      {result.left_out > 0 && <p>{t("portability.leftOut", { count: result.left_out })}</p>}
      {result.refused > 0 && (
        <>
          <p>{t("portability.refused", { count: result.refused })}</p>
          <Details>
            <ul className="list-disc ps-5">
              {result.reasons.map(({ what, reason }, place) => (
                <li key={place}>
                  <code className="text-small">{what}</code> {reason}
                </li>
              ))}
            </ul>
          </Details>
        </>
      )}
      <div className="flex flex-wrap items-center gap-3">
        {isGone ? (
          <p>{t("portability.removed")}</p>
        ) : (
          <>
            <p className="text-text-2">{isKept ? t("portability.inUse") : t("portability.kept")}</p>
            <Button onPress={() => void remove({ id: file })}>{t("portability.remove")}</Button>
          </>
        )}
      </div>
    </div>
  );
}
