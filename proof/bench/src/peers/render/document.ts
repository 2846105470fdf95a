import { withMarked } from '../../render/marked.js';
import { percent } from '../../strategies/render/numbers.js';
import type { PeersReport } from '../report.js';
import { noise, tables } from './tables.js';

/** What the document says as long as nothing was measured on a machine that had nothing else to do. */
export const NOT_MEASURED = 'Not measured yet: `npm run bench -- --peers --write` writes the tables here.';

/** The document with what this report says between its markers. @throws Error when the document has no markers */
export const withPeers = (document: string, report: PeersReport | undefined): string =>
  withMarked(document, report ? `${conditions(report)}\n\n${tables(report)}` : NOT_MEASURED);

/** What was measured, on what, and how far the rounds are apart. */
export function conditions(report: PeersReport): string {
  const { machine, date, seconds, warmUpSeconds, rounds, systems, cells, absent } = report;
  const versions = systems.map(({ title, version }) => `${title}: ${version}`).join('; ');
  const others = Math.max(0, ...cells.map(({ figures }) => figures.otherCores));
  const stolen = Math.max(0, ...cells.map(({ figures }) => figures.stolenCores));
  return [
    `${date}; ${machine.cores} cores (${machine.cpu}), load of the machine ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} at the end; Node ${machine.node}, PostgreSQL ${machine.postgres}. ${versions}.`,
    `${rounds === 1 ? 'One round' : `Medians of ${rounds} rounds, in turn`}; ${seconds} s a phase, from left to right, after a warm-up of ${warmUpSeconds} s.`,
    ...(rounds > 1
      ? [
          `The rounds are apart by at most ${percent(noise(report, ({ latencyMs }) => latencyMs.p50))} (p50), ${percent(noise(report, ({ cpuMsPerOrder }) => cpuMsPerOrder.total))} (CPU), ${percent(noise(report, ({ ordersPerSecond }) => ordersPerSecond))} (orders a second).`,
        ]
      : []),
    `Others had at most ${others.toFixed(2)} cores, the kernel's own threads among them, and ${stolen.toFixed(2)} were stolen.`,
    ...Object.entries(absent).map(([title, why]) => `${title} was not measured: ${why}.`),
  ].join('\n');
}
