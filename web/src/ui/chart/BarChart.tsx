import { ChartFrame } from "./ChartFrame";
import { ticks } from "./ticks";

interface Props {
  label: string;
  bars: { name: string; short: string; value: number }[];
  /** Counts, which have no fractions. */
  isWhole?: boolean;
  /** A value on the axis, where there is little room. */
  formatTick: (value: number) => string;
  /** A value in words. */
  format: (value: number) => string;
}

/** Values side by side. */
export function BarChart({ label, bars, isWhole = false, formatTick, format }: Props) {
  const axis = ticks(Math.max(0, ...bars.map(({ value }) => value)), isWhole);
  const top = axis.at(-1) || 1;
  return (
    <ChartFrame
      label={label}
      ticks={axis}
      format={formatTick}
      columns={bars.map(({ name, short, value }) => ({ name, short, values: [format(value)] }))}
    >
      <div className="flex size-full">
        {bars.map(({ name, value }) => (
          <div key={name} className="flex min-w-0 flex-1 items-end justify-center">
            <span
              className={`w-3/4 max-w-8 rounded-t-[3px] bg-accent ${value > 0 ? "min-h-0.5" : ""}`}
              style={{ height: `${(value / top) * 100}%` }}
            />
          </div>
        ))}
      </div>
    </ChartFrame>
  );
}
