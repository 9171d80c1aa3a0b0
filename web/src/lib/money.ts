/** What models have cost, in the operator's own currency: as many digits as small sums need. */
export function money(amount: number | null | undefined, language: string): string {
  if (amount == null) {
    return "–";
  }
  return amount.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: amount < 1 ? 6 : 2 });
}
