import { executorIn, transactionOf, translate, type Executor } from '@backstep/concurrency';
import { parkedOfKey, receivedMessages, type ParkedEvidence, type ReceivedEvidence } from '@backstep/inbox';
import { partitionOf } from '@backstep/kafka';
import { isUuid } from '@backstep/messages';
import { unsentOfKey, type UnsentEvidence } from '@backstep/outbox';
import type { DataSource } from 'typeorm';
import type { EvidenceDeclaration, RowEvidence, TimerEvidence } from './declaration.js';
import type { DroppedDuplicates, DroppedEvidence } from './dropped-duplicates.js';
import type { GroupEvidence, GroupStanding } from './group-standing.js';

/** Messages that one question may name, and items of each list of its answer. */
export const EVIDENCE_MAX = 1_000;
/** One statement may take so long, milliseconds: who asks waits no longer. */
const STATEMENT_MS = 900;

/** All that a service knows about a key. Each list has at most {@link EVIDENCE_MAX} items. */
export interface EvidenceBody {
  /** Of the messages that were asked for: those that this service has handled or parked. */
  readonly inbox: readonly ReceivedEvidence[];
  /** What the process that answers has dropped lately. Other processes of the service may have dropped more. */
  readonly dropped: readonly DroppedEvidence[];
  readonly outbox: readonly UnsentEvidence[];
  readonly parked: readonly ParkedEvidence[];
  readonly rows: readonly RowEvidence[];
  readonly timers: readonly TimerEvidence[];
  /** How far the consumer group has read the key's partition of each topic; null while Kafka does not answer. */
  readonly group: GroupEvidence;
  /** The names of the lists that are cut. */
  readonly truncated: readonly string[];
}

interface EvidenceParts {
  readonly dataSource: DataSource;
  readonly declared: EvidenceDeclaration;
  readonly dropped: DroppedDuplicates;
  readonly group: GroupStanding;
  readonly partitions: number;
}

type FromDatabase = Pick<EvidenceBody, 'inbox' | 'outbox' | 'parked' | 'rows' | 'timers'>;

/**
 * Looks for what a service knows about a key. The database is read at one moment, on connections of TypeORM's: nothing is taken from the hot
 * path.
 */
export class Evidence {
  constructor(private readonly parts: EvidenceParts) {}

  /** @throws DatabaseUnavailableError */
  async of(key: string, messageIds: readonly string[]): Promise<EvidenceBody> {
    const { group: standing, partitions } = this.parts;
    const at = partitionOf(key, partitions);
    const [lists, group] = await Promise.all([this.inDatabase(key, messageIds), standing.at(at)]);
    const dropped = this.parts.dropped.of(key, new Set(messageIds.map((id) => id.toLowerCase())));
    const all = { ...lists, dropped };
    const isCut = (list: readonly unknown[]): boolean => list.length > EVIDENCE_MAX;
    const truncated = Object.entries(all).flatMap(([name, list]) => (isCut(list) ? [name] : []));
    const cut = <Item>(list: readonly Item[]): readonly Item[] => list.slice(0, EVIDENCE_MAX);
    return {
      inbox: all.inbox,
      dropped: cut(all.dropped),
      outbox: cut(all.outbox),
      parked: cut(all.parked),
      rows: cut(all.rows),
      timers: cut(all.timers),
      group,
      truncated,
    };
  }

  private async inDatabase(key: string, messageIds: readonly string[]): Promise<FromDatabase> {
    try {
      return await this.parts.dataSource.transaction('REPEATABLE READ', async (manager) => {
        const executor = executorIn(transactionOf(manager, 'evidence'));
        await executor.query(`SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_MS}`, []);
        return {
          inbox: await receivedMessages(executor, messageIds),
          outbox: await unsentOfKey(executor, key, EVIDENCE_MAX + 1),
          parked: await parkedOfKey(executor, key, EVIDENCE_MAX + 1),
          rows: await this.rowsOf(executor, key),
          timers: await this.timersOf(executor, key),
        };
      });
    } catch (error) {
      throw translate(error);
    }
  }

  private async rowsOf(executor: Executor, key: string): Promise<readonly RowEvidence[]> {
    const { rows: statements = [] } = this.parts.declared;
    const found: RowEvidence[] = [];
    if (this.hasNoRows(key)) return found;
    for (const sql of statements)
      found.push(...((await executor.query(sql, [key, EVIDENCE_MAX + 1])).rows as RowEvidence[]));
    return found;
  }

  private async timersOf(executor: Executor, key: string): Promise<readonly TimerEvidence[]> {
    const { timers } = this.parts.declared;
    if (timers === undefined || this.hasNoRows(key)) return [];
    const { rows } = await executor.query(timers, [key, EVIDENCE_MAX + 1]);
    return (rows as TimerRow[]).map(({ name, of, dueAt, wakeAt, failures }) => {
      return { name, of, dueAt: timeOf(dueAt), wakeAt: timeOf(wakeAt), failures };
    });
  }

  private hasNoRows(key: string): boolean {
    return this.parts.declared.keys === 'uuid' && !isUuid(key);
  }
}

interface TimerRow {
  readonly name: string;
  readonly of: string;
  readonly dueAt: number;
  readonly wakeAt: number;
  readonly failures: number;
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
