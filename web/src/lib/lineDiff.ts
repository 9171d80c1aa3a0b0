/** What has changed between two texts, line by line. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond so many pairs of lines the whole text counts as replaced. */
const MOST = 1_000_000;

/** The longest common lines stay, by dynamic programming over both texts. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before === "" ? [] : before.split("\n");
  const now = after === "" ? [] : after.split("\n");
  const removed = old.map((text): DiffLine => ({ kind: "removed", text }));
  const added = now.map((text): DiffLine => ({ kind: "added", text }));
  if (old.length * now.length > MOST) {
    return [...removed, ...added];
  }
  // How many lines two endings have in common.
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row !== undefined) {
        row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: "same", text: old[i] ?? "" });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push({ kind: "removed", text: old[i] ?? "" });
      i++;
    } else {
      lines.push({ kind: "added", text: now[j] ?? "" });
      j++;
    }
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}
