import { KB } from '../measure/units.js';
import type { Result } from '../result.js';

const digits = (value: number, places: number): string => (Number.isFinite(value) ? value.toFixed(places) : '–');

/** A shorter time without an end is not worth a line. */
const GAP_MS = 500;

/** Some lines for a person who watches. */
export function text(result: Result): string {
  const { latencyMs, postMs, cpuMsPerOrder: cpu, cores, residentMb } = result;
  const lines = [
    `${result.scenario}  (${result.load}${result.instances > 1 ? `, ${result.instances} of each service` : ''})`,
    `  orders a second   ${digits(result.confirmedPerSecond, 0)} confirmed, ${digits(result.endedPerSecond, 0)} ended, ${digits(result.acceptedPerSecond, 0)} accepted`,
    `  until the end     p50 ${digits(latencyMs.p50, 1)}  p99 ${digits(latencyMs.p99, 1)}  p99.9 ${digits(latencyMs.p999, 1)}  max ${digits(latencyMs.max, 1)} ms`,
    `  until the 202     p50 ${digits(postMs.p50, 1)}  p99 ${digits(postMs.p99, 1)}  p99.9 ${digits(postMs.p999, 1)}  max ${digits(postMs.max, 1)} ms`,
    `  CPU-ms an order   ${digits(cpu['total'] ?? NaN, 2)}: Node ${digits(cpu['node'] ?? NaN, 2)}, PostgreSQL ${digits(cpu['postgres'] ?? NaN, 2)}, Kafka ${digits(cpu['kafka'] ?? NaN, 2)}, load ${digits(cpu['load'] ?? NaN, 2)}`,
    `  an order takes    ${digits(result.commitsPerOrder, 2)} commits, ${digits(result.statementsPerOrder, 2)} statements, ${digits(result.walBytesPerOrder / KB, 1)} KB WAL, ${digits(result.messagesPerOrder, 1)} messages; it leaves ${digits(result.kafkaBytesPerOrder / KB, 1)} KB in Kafka, ${digits(result.databaseBytesPerOrder / KB, 1)} KB in the databases`,
    `  a batch holds     ${Object.entries(result.meanBatch)
      .map(([name, mean]) => `${name} ${digits(mean, 1)}`)
      .join(', ')}`,
    `  meanwhile         Node ${digits(cores['node'] ?? NaN, 2)} cores of ${digits(cores['total'] ?? NaN, 2)}, ${digits(residentMb['node'] ?? NaN, 0)} MB; event loop p99 ${digits(result.eventLoopDelayMs, 1)} ms`,
    `  the machine       ${digits(result.stolenCores, 2)} cores stolen; 1.5 KB of JSON, read and written, ${digits(result.jsonMicroseconds, 1)} µs`,
  ];
  const refused = [['for later', result.refusedLater] as const, ...Object.entries(result.refusedOtherwise)];
  if (refused.some(([, count]) => count > 0))
    lines.push(`  refused           ${refused.map(([how, count]) => `${count} ${how}`).join(', ')}`);
  if (result.longestGapMs >= GAP_MS) lines.push(`  no order ended    for ${digits(result.longestGapMs, 0)} ms`);
  if (result.unfinished > 0) lines.push(`  NOT ENDED         ${result.unfinished}`);
  return lines.join('\n');
}
