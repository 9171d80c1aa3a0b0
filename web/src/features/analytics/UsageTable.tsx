import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { useModelName } from "../../hooks/useModelName";
import { Cell, Row, Table } from "../../ui/Table";
import type { Usage, UsageBy } from "./analyticsApi";
import { totalsOf } from "./totals";
import { usageColumns } from "./usageColumns";

interface Props {
  label: string;
  by: UsageBy;
  items: Usage[];
}

/** What was used, a row for each, and all together. */
export function UsageTable({ label, by, items }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const modelName = useModelName();
  const columns = usageColumns(t, format);
  const nameOf = ({ key, name }: Usage) => {
    if (by === "day") {
      return format.utcDay(key);
    }
    return by === "model" ? modelName(key) : (name ?? t("usage.deleted"));
  };
  const heads = columns.map(({ title }) => ({ title, align: "end" as const }));
  const totals = totalsOf(items);
  return (
    <Table
      label={label}
      isGrid
      columns={[t(`usage.columns.${by}`), ...heads]}
      footer={
        <Row>
          <Cell>{t("usage.total")}</Cell>
          {columns.map(({ title, value, write, isSummed }) => (
            <Cell key={title} align="end">
              {isSummed && write(value(totals))}
            </Cell>
          ))}
        </Row>
      }
    >
      {items.map((used) => (
        <Row key={used.key}>
          <Cell>
            <span className="whitespace-nowrap">{nameOf(used)}</span>
          </Cell>
          {columns.map(({ title, value, write }) => (
            <Cell key={title} align="end">
              {write(value(used))}
            </Cell>
          ))}
        </Row>
      ))}
    </Table>
  );
}
