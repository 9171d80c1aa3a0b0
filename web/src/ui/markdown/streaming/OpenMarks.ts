export interface OpenMark {
  mark: string;
  /** Its position in the text. */
  at: number;
}

/** Emphasis that is open. */
export class OpenMarks {
  /** Outermost first. */
  private marks: OpenMark[] = [];

  add(mark: string, at: number): void {
    this.marks.push({ mark, at });
  }

  /** Whether this run of marks closes something: all of one mark, or a part of the innermost. */
  close(run: string): boolean {
    const index = this.marks.findLastIndex(({ mark }) => mark === run);
    const innermost = this.marks.at(-1);
    if (index !== -1) {
      this.marks.length = index;
    } else if (innermost !== undefined && innermost.mark.startsWith(run)) {
      innermost.mark = innermost.mark.slice(run.length);
    } else {
      return false;
    }
    return true;
  }

  /** What closes those that stand before an end. */
  closing(end: number): string {
    const open = this.marks.filter(({ at }) => at < end);
    return open
      .reverse()
      .map(({ mark }) => mark)
      .join("");
  }
}
