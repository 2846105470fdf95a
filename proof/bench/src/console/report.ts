import type { Machine } from '../measure/machine.js';
import { fiveDigits } from '../result.js';
import { type Row, table } from './rows.js';

/** What `--json` writes. */
export interface ConsoleReport {
  readonly machine: Machine;
  /** `2026-11-28`. */
  readonly date: string;
  /** The browser's version; null: there was none. */
  readonly browser: string | null;
  readonly seconds: number;
  /** That were in the system before anything was measured, at least. */
  readonly orders: number;
  readonly rows: readonly Row[];
}

/** A line for each row; five digits. */
export function reportText({ rows, ...rest }: ConsoleReport): string {
  const json = (value: unknown): string => JSON.stringify(value, fiveDigits);
  const head = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${json(value)}`);
  return `{\n${[...head, `"rows": [\n${rows.map(json).join(',\n')}\n]`].join(',\n')}\n}\n`;
}

/** What was measured, on what, and the table. */
export function reportDocument({ machine, date, browser, seconds, orders, rows }: ConsoleReport): string {
  const { cores, cpu, node, postgres, loadBefore, loadAfter } = machine;
  return [
    `${date}; ${cores} cores (${cpu}), load of the machine ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} at the end; Node ${node}, PostgreSQL ${postgres}, ${browser === null ? 'no browser' : `Chromium ${browser}`}.`,
    `${orders.toLocaleString('en')} orders were there; ${seconds} s a phase.`,
    '',
    table(rows),
  ].join('\n');
}
