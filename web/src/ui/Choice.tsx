interface Props {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
  isDisabled?: boolean;
}

/** One of a few, by a list that every device knows. */
export function Choice({ label, value, options, onChange, isDisabled }: Props) {
  return (
    <label className="flex items-center justify-between gap-4 text-sm">
      <span>{label}</span>
      <select
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-9 rounded-lg border border-line bg-page px-2"
      >
        {Object.entries(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
