/** How often each thing happened. A simulation in which nothing goes wrong proves nothing, so specs assert these counts. */
export class Coverage {
  readonly counts = new Map<string, number>();

  add(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  merge(other: Coverage): void {
    for (const [what, times] of other.counts) this.add(what, times);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** By name. */
  sorted(): [string, number][] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
