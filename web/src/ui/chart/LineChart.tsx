import { ChartFrame } from "./ChartFrame";
import { ticks } from "./ticks";

const looks = { strong: "stroke-accent", weak: "stroke-text-3 [stroke-dasharray:4_3]" };
const keys = { strong: "bg-accent", weak: "bg-text-3" };

interface Line {
  name: string;
  look: keyof typeof looks;
  /** One for each point; null where nothing was measured. */
  values: (number | null)[];
}

interface Props {
  label: string;
  points: { name: string; short: string }[];
  lines: Line[];
  formatTick: (value: number) => string;
  format: (value: number) => string;
}

/** Measured values over time. */
export function LineChart({ label, points, lines, formatTick, format }: Props) {
  const axis = ticks(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))), false);
  const top = axis.at(-1) || 1;
  const columns = points.map((point, index) => {
    const values = lines.flatMap(({ name, values: all }) => {
      const value = all[index];
      return value == null ? [] : [`${name} ${format(value)}`];
    });
    return { ...point, values: values.length > 0 ? values : ["–"] };
  });
  return (
    <div className="flex flex-col gap-1">
      <ChartFrame label={label} ticks={axis} format={formatTick} columns={columns}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" className="size-full rtl:-scale-x-100">
          {lines.map(({ name, look, values }) => (
            <g key={name} fill="none" strokeLinecap="round" className={looks[look]}>
              <path d={path(values, top)} strokeWidth={2} vectorEffect="non-scaling-stroke" />
              <path d={dots(values, top)} strokeWidth={6} vectorEffect="non-scaling-stroke" strokeDasharray="none" />
            </g>
          ))}
        </svg>
      </ChartFrame>
      <ul className="flex justify-center gap-4 text-small text-text-2">
        {lines.map(({ name, look }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`h-0.5 w-3.5 rounded-full ${keys[look]}`} />
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

type Values = (number | null)[];

function isMissing(values: Values, index: number): boolean {
  return (values[index] ?? null) === null;
}

function placeOf(values: Values, index: number, top: number): string {
  return `${((index + 0.5) / values.length) * 100} ${100 - ((values[index] ?? 0) / top) * 100}`;
}

/** A line through what was measured; it ends where a value is missing. */
function path(values: Values, top: number): string {
  return values
    .map((_, index) => {
      if (isMissing(values, index)) {
        return "";
      }
      return `${isMissing(values, index - 1) ? "M" : "L"}${placeOf(values, index, top)}`;
    })
    .join("");
}

/** What was measured between two gaps: no line goes through it. */
function dots(values: Values, top: number): string {
  return values
    .map((_, index) => {
      const isAlone = isMissing(values, index - 1) && isMissing(values, index + 1);
      return isAlone && !isMissing(values, index) ? `M${placeOf(values, index, top)}h0` : "";
    })
    .join("");
}
