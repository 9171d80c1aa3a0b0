import type { ReactNode } from "react";
import { useFormat } from "../hooks/useFormat";

interface Props {
  label: string;
  /** Each with its name; text where a number has a unit. */
  numbers: [name: string, value: number | string, note?: ReactNode][];
}

/** Numbers side by side. */
export function Stats({ label, numbers }: Props) {
  const format = useFormat();
  return (
    <dl aria-label={label} className="grid grid-cols-[repeat(auto-fit,minmax(8.25rem,1fr))] gap-3">
      {numbers.map(([name, value, note]) => (
        <div key={name} className="flex flex-col gap-1 rounded-card border border-line px-4 py-3">
          <dt className="text-label text-text-2">{name}</dt>
          <dd className="text-title break-words tabular-nums">
            {typeof value === "number" ? format.number(value) : value}
          </dd>
          {note !== undefined && <dd className="text-small text-text-3">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
