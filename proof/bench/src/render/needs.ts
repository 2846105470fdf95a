import { GB, KB, MB } from '../measure/units.js';
import type { Result } from '../result.js';

/** What is planned with. None of it is measured: change what is different where you are. */
export const PLANNED = {
  /** How busy a core may be on average: what is left is for peaks, for the loss of a third of the machines, and for vacuum and compaction. */
  coreUse: 0.5,
  /** Copies of each message, and of each database. */
  kafkaReplicas: 3,
  databaseReplicas: 2,
  kafkaRetentionDays: 7,
  /** Before orders that have ended are archived. */
  databaseDays: 30,
  /** What one primary may log for hours on end, with checkpoints and a replica that follows, MB/s. */
  logMbPerPrimary: 100,
  /** Of all that is logged: the orchestrator's database, which writes with every message. The other four share the rest. */
  logShareOfOrchestrator: 0.5,
  /** What one broker may write, MB/s, its own partitions and those it follows. */
  writeMbPerBroker: 150,
  /** For each instance of the service that has most, so that they can be dealt out evenly. */
  partitionsPerInstance: 2,
  /** List prices are about this, US dollars. */
  dollarsPerCoreHour: 0.05,
  dollarsPerGbMonth: 0.1,
  dollarsPerGbBetweenZones: 0.01,
} as const;

const NOT_SERVICES = new Set(['node', 'total', 'load', 'postgres', 'kafka', 'payment-provider']);
const HOURS_PER_MONTH = 730;
const SECONDS_PER_DAY = 86_400;
const BITS = 8;

/** Each message is written by one and read by one or two: orchestrator and participant, and the events of an order by who waits for it. */
const READS_PER_MESSAGE = 1.3;
/** Request and answer, to the gateway and on to the order service. */
const HTTP_BYTES = 4 * KB;

/** Orders a second. */
export const LARGE_RATES = [1_000, 10_000, 100_000] as const;

export interface Needs {
  readonly ordersPerSecond: number;
  /** By service. */
  readonly instances: Readonly<Record<string, number>>;
  readonly partitions: number;
  readonly databaseCores: number;
  readonly logMbPerSecond: number;
  readonly primaries: { readonly orchestrator: number; readonly others: number };
  readonly kafkaCores: number;
  readonly kafkaInMbPerSecond: number;
  readonly brokers: number;
  readonly networkGbitPerSecond: number;
  readonly kafkaTb: number;
  readonly databaseTb: number;
  readonly cores: number;
  readonly dollarsPerMonth: number;
}

/** What a rate needs, when an order costs what it cost in this result: arithmetic, nothing else. */
export function needsOf(result: Result, ordersPerSecond: number): Needs {
  const { cpuMsPerOrder: cpu, walBytesPerOrder, kafkaBytesPerOrder, databaseBytesPerOrder } = result;
  const coresFor = (cpuMs: number): number => (ordersPerSecond * cpuMs) / 1_000 / PLANNED.coreUse;
  // A service is one thread that matters: an instance is a core.
  const services = Object.entries(cpu).filter(([name]) => !NOT_SERVICES.has(name));
  const instances = Object.fromEntries(services.map(([name, cpuMs]) => [name, Math.ceil(coresFor(cpuMs))]));
  const owners = Object.entries(instances).filter(([name]) => name !== 'gateway');
  const partitions = powerOfTwo(PLANNED.partitionsPerInstance * Math.max(...owners.map(([, count]) => count)));
  const databaseCores = Math.ceil(coresFor(cpu['postgres'] ?? NaN));
  const logMbPerSecond = (ordersPerSecond * walBytesPerOrder) / MB;
  const primariesFor = (share: number): number => Math.ceil((logMbPerSecond * share) / PLANNED.logMbPerPrimary);
  const kafkaInMbPerSecond = (ordersPerSecond * kafkaBytesPerOrder) / MB;
  const writtenMbPerSecond = kafkaInMbPerSecond * PLANNED.kafkaReplicas;
  const kafkaCores = Math.ceil(coresFor(cpu['kafka'] ?? NaN) * PLANNED.kafkaReplicas);
  const bytesMoved =
    HTTP_BYTES +
    kafkaBytesPerOrder * (PLANNED.kafkaReplicas + READS_PER_MESSAGE) +
    walBytesPerOrder * (PLANNED.databaseReplicas - 1) +
    databaseBytesPerOrder * 2;
  const bytesPerDay = ordersPerSecond * SECONDS_PER_DAY;
  const kafkaGb = (bytesPerDay * kafkaBytesPerOrder * PLANNED.kafkaReplicas * PLANNED.kafkaRetentionDays) / GB;
  const databaseGb = (bytesPerDay * databaseBytesPerOrder * PLANNED.databaseReplicas * PLANNED.databaseDays) / GB;
  const nodeCores = Object.values(instances).reduce((sum, count) => sum + count, 0);
  const cores = nodeCores + databaseCores * PLANNED.databaseReplicas + kafkaCores;
  const movedGbPerMonth = (ordersPerSecond * bytesMoved * 3_600 * HOURS_PER_MONTH) / GB;
  return {
    ordersPerSecond,
    instances,
    partitions,
    databaseCores,
    logMbPerSecond,
    primaries: {
      orchestrator: primariesFor(PLANNED.logShareOfOrchestrator),
      others: 4 * primariesFor((1 - PLANNED.logShareOfOrchestrator) / 4),
    },
    kafkaCores,
    kafkaInMbPerSecond,
    brokers: Math.max(PLANNED.kafkaReplicas, Math.ceil(writtenMbPerSecond / PLANNED.writeMbPerBroker)),
    networkGbitPerSecond: (ordersPerSecond * bytesMoved * BITS) / 1e9,
    kafkaTb: kafkaGb / KB,
    databaseTb: databaseGb / KB,
    cores,
    dollarsPerMonth:
      cores * PLANNED.dollarsPerCoreHour * HOURS_PER_MONTH +
      (kafkaGb + databaseGb) * PLANNED.dollarsPerGbMonth +
      movedGbPerMonth * PLANNED.dollarsPerGbBetweenZones,
  };
}

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

/** What rates need, side by side, as a table in Markdown. */
export function needs(result: Result, rates: readonly number[]): string {
  const each = rates.map((rate) => needsOf(result, rate));
  const rows: readonly (readonly [string, (one: Needs) => string])[] = [
    [
      'instances (a core each)',
      ({ instances }) =>
        Object.entries(instances)
          .map(([name, count]) => `${name} ${whole(count)}`)
          .join(', '),
    ],
    ['partitions of each topic', ({ partitions }) => whole(partitions)],
    ['PostgreSQL: cores of all primaries', ({ databaseCores }) => whole(databaseCores)],
    ['PostgreSQL: log', ({ logMbPerSecond }) => `${whole(logMbPerSecond)} MB/s`],
    [
      'PostgreSQL: primaries, by their log',
      ({ primaries: { orchestrator, others } }) =>
        `${whole(orchestrator)} of the orchestrator, ${whole(others)} of the others`,
    ],
    [
      `PostgreSQL: ${PLANNED.databaseDays} days, ${PLANNED.databaseReplicas} copies`,
      ({ databaseTb }) => `${whole(databaseTb)} TB`,
    ],
    ['Kafka: cores', ({ kafkaCores }) => whole(kafkaCores)],
    ['Kafka: in, before replication', ({ kafkaInMbPerSecond }) => `${whole(kafkaInMbPerSecond)} MB/s`],
    ['Kafka: brokers, by what they write', ({ brokers }) => whole(brokers)],
    [
      `Kafka: ${PLANNED.kafkaRetentionDays} days, ${PLANNED.kafkaReplicas} copies`,
      ({ kafkaTb }) => `${whole(kafkaTb)} TB`,
    ],
    ['network', ({ networkGbitPerSecond }) => `${networkGbitPerSecond.toFixed(1)} Gbit/s`],
    ['cores in all', ({ cores }) => whole(cores)],
    ['money a month', ({ dollarsPerMonth }) => `$ ${whole(Math.round(dollarsPerMonth / 1_000) * 1_000)}`],
    [
      'money a million orders',
      ({ dollarsPerMonth, ordersPerSecond }) =>
        `$ ${((dollarsPerMonth * 1e6) / (ordersPerSecond * 3_600 * HOURS_PER_MONTH)).toFixed(2)}`,
    ],
  ];
  return [
    `| | ${rates.map((rate) => `${whole(rate)} orders/s`).join(' | ')} |`,
    `|---|${rates.map(() => '---|').join('')}`,
    ...rows.map(([what, told]) => `| ${what} | ${each.map(told).join(' | ')} |`),
  ].join('\n');
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
