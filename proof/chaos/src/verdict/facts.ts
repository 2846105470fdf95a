import { TOPICS } from '@backstep/contracts';
import { PartitionReader } from '@backstep/kafka';
import { MARK } from '../faults/poison.js';
import { rowsOf } from '../system/database.js';
import type { Started } from '../system/start.js';
import type { KeptAccount } from './accounts.js';
import type { Kept } from './compare.js';
import type { ParkedRow } from './parked.js';

/** The contents of the databases and Kafka at rest, read without the system's own code. */
export interface Facts {
  readonly kept: Kept;
  /** What each order costs, minor units. */
  readonly totals: ReadonlyMap<string, number>;
  readonly accounts: readonly KeptAccount[];
  /** All entries of the payment service's ledger: zero in double-entry bookkeeping. */
  readonly ledgerSum: number;
  readonly parked: readonly ParkedRow[];
  /** Sagas by status. */
  readonly sagas: Readonly<Record<string, number>>;
  /** Revisions that have ended. */
  readonly revised: number;
  /** Steps that were undone. */
  readonly compensations: number;
  readonly inKafka: {
    /** Marks of poisoned messages. */
    readonly marks: ReadonlySet<string>;
    readonly messages: number;
    /** Messages that lie there again with the same id: sent twice, or produced again. */
    readonly repeated: number;
    /** Commands that were sent again: a new message with the same command id. */
    readonly askedAgain: number;
  };
}

const ENDS = `SELECT id, coalesce(failure_code, status) AS end, total::float8 AS total FROM orders`;
const ACCOUNTS = `SELECT id, balance::float8 AS balance, overdraft_limit::float8 AS "overdraftLimit" FROM account`;
const LEDGER_SUM = `SELECT coalesce(sum(amount), 0)::float8 AS sum FROM ledger_entry`;
/** The keys of other operations begin with the operation's name and a tab. */
const KEYS = `SELECT key, response ->> 'id' AS id FROM idempotency_key WHERE response ? 'id' AND strpos(key, E'\\t') = 0`;
const REVISED = `SELECT count(*)::int AS n FROM order_revision WHERE status <> 'REQUESTED'`;
const PARKED = `SELECT id, state, cause, topic, partition, kafka_offset AS offset, headers FROM parked_message`;
const SAGAS = `SELECT status, count(*)::int AS n FROM saga_instance GROUP BY status`;
const COMPENSATIONS = `
  SELECT count(*)::int AS n FROM saga_instance, json_array_elements(instance -> 'journal') AS step
  WHERE step -> 'undo' ->> 'answeredAt' IS NOT NULL`;

export async function gatherFacts({ system }: Started): Promise<Facts> {
  const { databases, kafka } = system.environment();
  const { order = '', orchestrator = '', payment = '' } = databases;
  const ends = await rowsOf<{ id: string; end: string; total: number }>(order, ENDS);
  const keys = await rowsOf<{ key: string; id: string }>(order, KEYS);
  const [revised] = await rowsOf<{ n: number }>(order, REVISED);
  const parked = await Promise.all(
    Object.entries(databases).map(async ([service, url]) =>
      (await rowsOf<Omit<ParkedRow, 'service'>>(url, PARKED)).map((row) => ({ ...row, service })),
    ),
  );
  const accounts = await rowsOf<KeptAccount>(payment, ACCOUNTS);
  const [ledger] = await rowsOf<{ sum: number }>(payment, LEDGER_SUM);
  const sagas = await rowsOf<{ status: string; n: number }>(orchestrator, SAGAS);
  const [undone] = await rowsOf<{ n: number }>(orchestrator, COMPENSATIONS);
  return {
    kept: { ends: new Map(ends.map(({ id, end }) => [id, end])), keys: new Map(keys.map(({ key, id }) => [key, id])) },
    totals: new Map(ends.map(({ id, total }) => [id, total])),
    accounts,
    ledgerSum: ledger?.sum ?? 0,
    parked: parked.flat(),
    sagas: Object.fromEntries(sagas.map(({ status, n }) => [status, n])),
    revised: revised?.n ?? 0,
    compensations: undone?.n ?? 0,
    inKafka: await readKafka(kafka.brokers),
  };
}

async function readKafka(brokers: readonly string[]): Promise<Facts['inKafka']> {
  const reader = new PartitionReader({ brokers, clientId: 'backstep-chaos' });
  const marks = new Set<string>();
  const ids = new Set<string>();
  const commands = new Map<string, string>();
  let messages = 0;
  let repeated = 0;
  let askedAgain = 0;
  try {
    for await (const batch of reader.readAll(TOPICS.map(({ name }) => name))) {
      for (const { topic, headers } of batch) {
        messages += 1;
        const { [MARK]: mark, ce_id: id, ce_commandid: commandId } = headers;
        if (mark !== undefined) marks.add(mark);
        if (id === undefined) continue;
        if (ids.has(id)) {
          repeated += 1;
        } else if (commandId !== undefined && topic.endsWith('.commands')) {
          if (commands.has(commandId)) askedAgain += 1;
          commands.set(commandId, id);
        }
        ids.add(id);
      }
    }
  } finally {
    await reader.disconnect();
  }
  return { marks, messages, repeated, askedAgain };
}
