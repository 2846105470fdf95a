import type { Report } from '@backstep/infrastructure';

/** A step that takes longer is shown while it runs, again after each such pause. */
const SHOW_PROGRESS_EVERY_MS = 10_000;

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Progress as lines, not as a redrawn screen: it reads the same in a terminal, a pipe and a log. */
export function consoleReport(print: (line: string) => void): Report {
  return {
    note: print,
    async step(name, work) {
      const since = Date.now();
      const timer = setInterval(() => print(`  … ${name}: ${seconds(since)}`), SHOW_PROGRESS_EVERY_MS);
      try {
        const result = await work();
        print(`  ✓ ${name}: ${seconds(since)}`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
