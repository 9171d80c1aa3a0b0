import { Archive } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Backups } from "../../api/generated";
import { useFormat } from "../../hooks/useFormat";
import { EmptyState } from "../../ui/EmptyState";
import { Cell, Row, Table } from "../../ui/Table";

/** The backups in the folder, the newest first, and when more are created. */
export function BackupList({ backups }: { backups: Backups }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { items, every_hours: hours, next_at: next, kept, keys_kept_days: days } = backups;
  const columns = [
    t("backup.at"),
    t("backup.file"),
    { title: t("backup.position"), align: "end" as const },
    { title: t("backup.size"), align: "end" as const },
  ];
  return (
    <>
      <p className="text-text-2">
        {typeof hours !== "number" || typeof next !== "string"
          ? t("backup.unscheduled")
          : t("backup.scheduled", { count: hours, next: format.dateTime(next) })}{" "}
        {t("backup.kept", { count: kept, days })}
      </p>
      {items.length === 0 ? (
        <EmptyState icon={Archive} title={t("backup.none")} />
      ) : (
        <Table label={t("backup.backups")} columns={columns}>
          {items.map((backup) => (
            <Row key={backup.name}>
              <Cell>
                <span className="font-[560] whitespace-nowrap">{format.dateTime(backup.made_at)}</span>
              </Cell>
              <Cell>
                <code className="font-mono text-small break-all text-text-2">{backup.name}</code>
              </Cell>
              <Cell align="end">{format.number(backup.position)}</Cell>
              <Cell align="end">{format.size(backup.bytes)}</Cell>
            </Row>
          ))}
        </Table>
      )}
    </>
  );
}
