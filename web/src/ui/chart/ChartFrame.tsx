import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";

interface ChartColumn {
  /** The whole name, as it is read out and shown with its values. */
  name: string;
  /** The name below the axis. */
  short: string;
  /** Its values in words. */
  values: string[];
}

interface Props {
  label: string;
  columns: ChartColumn[];
  ticks: number[];
  format: (value: number) => string;
  /** What is drawn between the lines of the axis. */
  children: ReactNode;
}

/** At most so many names stand below the axis. */
const NAMES = 4;

const STEPS: Partial<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** The axes of a chart, and the values of one column at a time: the one that is pointed at, pressed, or reached with the
 * arrow keys. */
export function ChartFrame({ label, columns, ticks, format, children }: Props) {
  const plot = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<number>();
  const [reached, setReached] = useState(columns.length - 1);
  const current = Math.min(reached, columns.length - 1);
  const top = ticks.at(-1) || 1;
  const every = Math.ceil(columns.length / NAMES);

  function move(event: KeyboardEvent<HTMLElement>) {
    const step = STEPS[event.key]?.(current, columns.length);
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const isMirrored = event.key.startsWith("Arrow") && getComputedStyle(event.currentTarget).direction === "rtl";
    const next = Math.max(0, Math.min(columns.length - 1, isMirrored ? 2 * current - step : step));
    setReached(next);
    plot.current?.querySelectorAll("button")[next]?.focus();
  }

  return (
    <div role="group" aria-label={label} className="flex flex-col ps-12 pe-4 pt-3 text-small text-text-3 select-none">
      <div ref={plot} className="relative h-52" onPointerLeave={() => setShown(undefined)}>
        {ticks.map((tick) => (
          <div
            key={tick}
            aria-hidden="true"
            className="absolute inset-x-0 flex h-0 items-center"
            style={{ bottom: `${(tick / top) * 100}%` }}
          >
            <span className="absolute end-full pe-2 whitespace-nowrap tabular-nums">{format(tick)}</span>
            <span className={`w-full border-t ${tick === 0 ? "border-line-strong" : "border-line"}`} />
          </div>
        ))}
        <div className="absolute inset-0 flex">
          {columns.map(({ name, values }, index) => (
            <button
              key={name}
              type="button"
              tabIndex={index === current ? 0 : -1}
              aria-label={`${name}: ${values.join(", ")}`}
              className={`h-full min-w-0 flex-1 cursor-default outline-none focus-visible:bg-active ${shown === index ? "bg-hover" : ""}`}
              onPointerEnter={() => setShown(index)}
              onClick={() => setShown(index)}
              onFocus={() => {
                setReached(index);
                setShown(index);
              }}
              onBlur={() => setShown(undefined)}
              onKeyDown={move}
            />
          ))}
        </div>
        <div aria-hidden="true" className="pointer-events-none absolute inset-0">
          {children}
        </div>
        {shown !== undefined && <Values columns={columns} index={shown} />}
      </div>
      <div aria-hidden="true" className="relative mt-1.5 h-4">
        {columns.map(
          ({ name, short }, index) =>
            (columns.length - 1 - index) % every === 0 && (
              <span
                key={name}
                className="absolute flex w-0 justify-center whitespace-nowrap"
                style={{ insetInlineStart: `${((index + 0.5) / columns.length) * 100}%` }}
              >
                {short}
              </span>
            ),
        )}
      </div>
    </div>
  );
}

/** The values of a column, beside it and inside the chart. */
function Values({ columns, index }: { columns: ChartColumn[]; index: number }) {
  const part = (index + 0.5) / columns.length;
  const side = part < 0.2 ? "justify-start" : part > 0.8 ? "justify-end" : "justify-center";
  const column = columns[index];
  return (
    column !== undefined && (
      <div
        aria-hidden="true"
        className={`pointer-events-none absolute -top-2 z-10 flex w-0 ${side}`}
        style={{ insetInlineStart: `${part * 100}%` }}
      >
        <div className="rounded-icon bg-text px-2.5 py-1.5 whitespace-nowrap text-bg shadow-popover">
          <p className="opacity-80">{column.name}</p>
          {column.values.map((value) => (
            <p key={value} className="font-[560] tabular-nums">
              {value}
            </p>
          ))}
        </div>
      </div>
    )
  );
}
