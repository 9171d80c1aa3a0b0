/** Formulas are typeset at once, until that has held up the page for long enough; the others wait for their turn. */

/** In milliseconds. */
const BUDGET = 16;

const waiting = new Set<() => void>();
let spent = 0;
let isScheduled = false;

/** Runs a task now or soon. Returns how to take it back. */
export function enqueue(task: () => void): () => void {
  if (spent < BUDGET) {
    run(task);
  } else {
    waiting.add(task);
  }
  schedule();
  return () => waiting.delete(task);
}

function run(task: () => void): void {
  const started = performance.now();
  task();
  spent += performance.now() - started;
}

function schedule(): void {
  if (!isScheduled) {
    isScheduled = true;
    setTimeout(goOn);
  }
}

function goOn(): void {
  isScheduled = false;
  spent = 0;
  for (const task of waiting) {
    if (spent >= BUDGET) {
      schedule();
      return;
    }
    waiting.delete(task);
    run(task);
  }
}
