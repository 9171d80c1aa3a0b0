import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  /** Each with its name; text where a number has a unit. */
  numbers: [name: string, value: number | string, note?: string][];
}

/** Numbers side by side. */
export function Stats({ label, numbers }: Props) {
  const { i18n } = useTranslation();
  return (
    <dl aria-label={label} className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      {numbers.map(([name, value, note]) => (
        <div key={name} className="rounded-lg border border-line p-3">
          <dt className="text-sm text-text-2">{name}</dt>
          <dd className="text-xl font-semibold tabular-nums">
            {typeof value === "number" ? value.toLocaleString(i18n.language) : value}
          </dd>
          {note !== undefined && <dd className="text-xs text-text-2">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
