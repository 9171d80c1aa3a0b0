import { useTranslation } from "react-i18next";
import type { Backups } from "../../api/generated";
import { sizeOf } from "../../lib/size";
import { Cell, Row, Table } from "../../ui/Table";

/** The backups that lie there, the newest first, and what makes them. */
export function BackupList({ backups }: { backups: Backups }) {
  const { t, i18n } = useTranslation();
  const at = (time: string) =>
    new Date(time).toLocaleString(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const { items, every_hours: hours, next_at: next, kept, keys_kept_days: days } = backups;
  const columns = [t("backup.at"), t("backup.position"), t("backup.size"), t("backup.file")];
  return (
    <>
      <p className="text-sm">
        {typeof hours !== "number" || typeof next !== "string"
          ? t("backup.unscheduled")
          : t("backup.scheduled", { count: hours, next: at(next) })}{" "}
        {t("backup.kept", { count: kept, days })}
      </p>
      {items.length === 0 ? (
        <p className="text-sm text-text-2">{t("backup.none")}</p>
      ) : (
        <Table label={t("backup.backups")} columns={columns}>
          {items.map((backup) => (
            <Row key={backup.name}>
              <Cell>{at(backup.made_at)}</Cell>
              <Cell>{backup.position.toLocaleString(i18n.language)}</Cell>
              <Cell>{sizeOf(backup.bytes, i18n.language)}</Cell>
              <Cell>
                <code className="text-xs break-all">{backup.name}</code>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      <p className="text-sm text-text-2">{t("backup.key")}</p>
    </>
  );
}
