import { memo, useMemo, useState, useTransition } from "react";
import type { Components } from "react-markdown";
import { useTranslation } from "react-i18next";
import { Button } from "../../Button";
import type { RichTextProps } from "../../RichText";
import { MarkdownText } from "../MarkdownText";
import type { TableLines } from "../split/wholes";
import { alignColumns } from "./columns";
import { TableFrame } from "./TableFrame";

/** Rows that are parsed together. */
const CHUNK = 50;
/** Rows that are shown at first, and how many more each time. */
const FIRST = 100;
const MORE = 300;

interface Props extends Pick<RichTextProps, "remarkPlugins" | "components"> {
  table: TableLines;
  references: string;
  isOpen: boolean;
}

/** A table of any length: it is parsed in chunks, so that a row that is added does not cost all others, and only its
 * first rows are shown until more are asked for. */
export function LongTable({ table, isOpen, ...rest }: Props) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(FIRST);
  const [isPending, startTransition] = useTransition();
  const { head, rows } = table;
  const sample = rows.slice(0, CHUNK).join("\n");
  const delimiters = useMemo(() => alignColumns(table.delimiters, sample.split("\n")), [table.delimiters, sample]);
  const shown = Math.min(limit, rows.length);
  const starts = Array.from({ length: Math.max(1, Math.ceil(shown / CHUNK)) }, (_, index) => index * CHUNK);
  return (
    <div className="table-block">
      <TableFrame dir="auto">
        {starts.map((start) => (
          <Chunk
            key={start}
            source={[head, delimiters, ...rows.slice(start, Math.min(start + CHUNK, shown))].join("\n")}
            isFirst={start === 0}
            isOpen={isOpen && start + CHUNK >= rows.length}
            {...rest}
          />
        ))}
      </TableFrame>
      {rows.length > shown && (
        <p className="table-more">
          {t("markdown.rows", { shown, count: rows.length })}
          <Button look="quiet" isPending={isPending} onPress={() => startTransition(() => setLimit(shown + MORE))}>
            {t("markdown.moreRows")}
          </Button>
        </p>
      )}
    </div>
  );
}

interface ChunkProps extends Pick<RichTextProps, "remarkPlugins" | "components"> {
  source: string;
  references: string;
  isFirst: boolean;
  isOpen: boolean;
}

const within: Components = { table: ({ children }) => <>{children}</> };
const withoutHead: Components = { ...within, thead: () => null };

/** Some rows: the whole table is around them. */
const Chunk = memo(function Chunk({ isFirst, components, ...rest }: ChunkProps) {
  return <MarkdownText {...rest} components={{ ...components, ...(isFirst ? within : withoutHead) }} />;
});
