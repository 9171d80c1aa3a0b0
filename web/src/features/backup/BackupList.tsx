import { Archive } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Backups } from "../../api/generated";
import { dateTime, localeOf } from "../../lib/locale";
import { sizeOf } from "../../lib/size";
import { EmptyState } from "../../ui/EmptyState";
import { Cell, Row, Table } from "../../ui/Table";

/** The backups in the folder, the newest first, and when more are created. */
export function BackupList({ backups }: { backups: Backups }) {
  const { t, i18n } = useTranslation();
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
          : t("backup.scheduled", { count: hours, next: dateTime(next, i18n.language) })}{" "}
        {t("backup.kept", { count: kept, days })}
      </p>
      {items.length === 0 ? (
        <EmptyState icon={Archive} title={t("backup.none")} />
      ) : (
        <Table label={t("backup.backups")} columns={columns}>
          {items.map((backup) => (
            <Row key={backup.name}>
              <Cell>
                <span className="font-[560] whitespace-nowrap">{dateTime(backup.made_at, i18n.language)}</span>
              </Cell>
              <Cell>
                <code className="font-mono text-small break-all text-text-2">{backup.name}</code>
              </Cell>
              <Cell align="end">{backup.position.toLocaleString(localeOf(i18n.language))}</Cell>
              <Cell align="end">{sizeOf(backup.bytes, i18n.language)}</Cell>
            </Row>
          ))}
        </Table>
      )}
    </>
  );
}
