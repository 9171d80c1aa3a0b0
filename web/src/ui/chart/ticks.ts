const FACTORS = [1, 2, 5, 10];

/** Round values for an axis from 0 up to at least `most`. Counts have whole values, and never less room than up to 4:
 * a single answer must not fill the height. */
export function ticks(most: number, isWhole: boolean): number[] {
  const rough = (most > 0 ? most : 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = (FACTORS.find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const step = isWhole ? Math.max(1, round) : round;
  const count = Math.max(isWhole && step === 1 ? 4 : 1, Math.ceil((most / step) * 0.999));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
