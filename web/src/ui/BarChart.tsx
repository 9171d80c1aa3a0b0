interface Props {
  label: string;
  bars: { name: string; value: number }[];
}

const WIDTH = 12;
const GAP = 3;
const HEIGHT = 100;

/** Values side by side. Who cannot see it has the table that stands below it. */
export function BarChart({ label, bars }: Props) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const width = bars.length * WIDTH;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-40 w-full rounded-lg border border-line p-2"
    >
      {bars.map(({ name, value }, place) => {
        const height = (value / most) * HEIGHT;
        return (
          <g key={name}>
            <title>{`${name}: ${value}`}</title>
            {/* Also where there is nothing one may ask what there was. */}
            <rect x={place * WIDTH} y={0} width={WIDTH} height={HEIGHT} fillOpacity={0} />
            <rect
              x={place * WIDTH + GAP / 2}
              y={HEIGHT - height}
              width={WIDTH - GAP}
              height={height}
              className="fill-accent"
            />
          </g>
        );
      })}
    </svg>
  );
}
