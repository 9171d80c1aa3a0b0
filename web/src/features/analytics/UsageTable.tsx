import { useTranslation } from "react-i18next";
import { Cell, Row, Table } from "../../ui/Table";
import type { Usage } from "./analyticsApi";
import { money } from "../../lib/money";
import { seconds } from "./units";

interface Props {
  label: string;
  /** What the first column holds. */
  column: string;
  items: Usage[];
}

/** What was used, a row for each. */
export function UsageTable({ label, column, items }: Props) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => value.toLocaleString(i18n.language);
  const columns = [
    column,
    t("usage.responses"),
    t("usage.completed"),
    t("usage.failed"),
    t("usage.input"),
    t("usage.output"),
    t("usage.rated"),
    t("usage.cost"),
    t("usage.median"),
    t("usage.p95"),
  ];
  return (
    <Table label={label} columns={columns}>
      {items.map((used) => (
        <Row key={used.key}>
          <Cell>{used.name ?? used.key}</Cell>
          <Cell>{number(used.responses)}</Cell>
          <Cell>{number(used.completed)}</Cell>
          <Cell>{number(used.failed)}</Cell>
          <Cell>{number(used.input_tokens)}</Cell>
          <Cell>{number(used.output_tokens)}</Cell>
          <Cell>
            {number(used.rated_up)} / {number(used.rated_down)}
          </Cell>
          <Cell>{money(used.cost, i18n.language)}</Cell>
          <Cell>{seconds(used.median_seconds, i18n.language)}</Cell>
          <Cell>{seconds(used.p95_seconds, i18n.language)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
