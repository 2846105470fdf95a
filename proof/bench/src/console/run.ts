import pg from 'pg';
import { describeMachine, loadOfTheMachine } from '../measure/machine.js';
import { start, type Started } from '../system/start.js';
import { fill } from './at-rate.js';
import type { Part } from './bench.js';
import { launch } from './browser.js';
import type { MeasureOptions } from './options.js';
import { PARTS } from './parts.js';
import type { ConsoleReport } from './report.js';
import { type Row, unmeasured, verdict } from './rows.js';

export interface Run extends MeasureOptions {
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Services apart, one of each, as `npm start` runs them. */
const SYSTEM = { instances: 1, oneAtATime: false, profiles: undefined };

/** Measures all parts on one system. @throws Error when the system fails, or a page of it */
export async function measureConsole({ only, seconds, orders, signal, print }: Run): Promise<ConsoleReport> {
  const loadBefore = loadOfTheMachine();
  const found = await launch();
  const browser = typeof found === 'string' ? undefined : found;
  if (typeof found === 'string') print(found);
  // What waits for a page fails at once.
  const close = (): void => void browser?.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const started = await start(SYSTEM, signal);
    try {
      const pids = pidsOf(started);
      print(`placing ${orders} orders`);
      await fill(started, orders, signal);
      const rows: Row[] = [];
      for (const name of only) {
        const part: Part = PARTS[name];
        print(`${name}: ${part.about}`);
        const measured =
          part.inBrowser.length > 0 && typeof found === 'string'
            ? unmeasured(part.inBrowser, found)
            : await part.measure({ started, browser, seconds, orders, signal });
        for (const row of measured) print(`  ${line(row)}`);
        rows.push(...measured);
        if (pidsOf(started) !== pids) throw new Error(`a process of the system has ended during ${name}`);
      }
      return {
        machine: describeMachine({ postgres: await postgresVersion(started), loadBefore }),
        date: new Date().toISOString().slice(0, 10),
        ...{ browser: browser?.version() ?? null, seconds, orders, rows },
      };
    } finally {
      await started.stop();
    }
  } finally {
    signal.removeEventListener('abort', close);
    await browser?.close();
  }
}

/** A process that has ended is started anew, with another pid. */
const pidsOf = ({ system }: Started): string => JSON.stringify(system.environment().processes);

const line = (row: Row): string =>
  `${row.what}: ${row.measured === null ? '–' : `${row.measured.toFixed(1)}${row.unit}`}, ${verdict(row)} (${row.how})`;

async function postgresVersion({ system }: Started): Promise<string> {
  const [connectionString] = Object.values(system.environment().databases);
  const session = new pg.Client({ connectionString, application_name: 'backstep bench' });
  await session.connect();
  try {
    const { rows } = await session.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await session.end();
  }
}
