import { writeTimed, type Executor, type StatementPart, type Tables } from '@backstep/concurrency';
import { encode, InvalidMessageError, newId } from '@backstep/messages';
import {
  inboxPart,
  nothingHeldPart,
  operationsPart,
  parkPart,
  unparkPart,
  type Delivered,
  type ParkedOperation,
  type Parking,
  type Unparking,
} from '@backstep/inbox';
import { acknowledgedPart, findUnsentPredecessors, outboxPart, type OutboxMessage } from '@backstep/outbox';
import { effectData, toMessage, type Change, type FollowingEffect, type OutgoingMessage } from './changes.js';
import type { DecidedEffects, Effect } from './effects.js';
import { HeldKeyError } from './errors.js';
import type { DecideContext } from './handler.js';
import type { Needs } from './needs.js';
import { readRows, type Asked, type RowSource } from './row-source.js';
import { RowSet } from './row-set.js';
import { decideRequest, madeBy } from './stale/decide-request.js';
import type { Edited } from './stale/edit.js';
import { SharedParts } from './shared-parts.js';
import type { Work } from './work.js';

/** What a batch needs beside its rows. */
export interface BatchEnvironment {
  readonly tables: Tables;
  /** `ce_source` of outgoing messages. */
  readonly source: string;
  shardOf(key: string): number;
  /** The largest message that Kafka takes on this topic, in bytes, where known. A larger one is refused before anything is written. */
  largestMessage?(topic: string): number | undefined;
  now(): number;
  /** Milliseconds of a clock that does not go back. Default: `performance.now()`. */
  monotonic?(): number;
}

/** What a committed batch has done. */
export interface BatchResult {
  readonly outgoing: readonly OutboxMessage[];
  /** Ids of messages about the same keys that were committed before and are still in the outbox. */
  readonly unsentPredecessors: readonly string[];
  /** The time of the write, where a remembered row was written with `now`. */
  readonly at: Date | undefined;
  readonly parkings: readonly Parking[];
  /** Records of a message of which the batch had an earlier one. */
  readonly repeated: readonly Delivered[];
  readonly effects: DecidedEffects;
  readonly answers: ReadonlyMap<Work, unknown>;
  /** Requests whose handler threw, and messages by express whose key is held: nothing of them was written. */
  readonly refusals: ReadonlyMap<Work, unknown>;
}

/**
 * One attempt at one batch: read, decide, write. Any number of messages takes two round trips and one commit; one round trip when memory
 * has all rows.
 * When `run` throws, nothing was written; when the connection broke during the write, all or nothing.
 */
export class Batch {
  readonly rowSet: RowSet;
  /** What its decisions demand beside rows. */
  readonly shared = new SharedParts();
  /** What each work needs; filled by `ask`. */
  asked: readonly Asked[] = [];
  private readonly outgoing: OutboxMessage[] = [];
  private readonly parkings: Parking[] = [];
  private readonly repeated: Delivered[] = [];
  private readonly effects = new Map<Effect<never>, unknown[]>();
  private readonly answers = new Map<Work, unknown>();
  private readonly refusals = new Map<Work, unknown>();
  private readonly handledIds = new Set<string>();
  private readonly unparked: Unparking[] = [];
  private readonly operations: ParkedOperation[] = [];
  /** Keys for which no read has asked whether they are held: the write checks that. */
  private unasked: readonly string[] = [];

  constructor(
    private readonly works: readonly Work[],
    private readonly environment: BatchEnvironment,
  ) {
    this.rowSet = new RowSet(environment.tables);
  }

  /** Finds out what the works need: see {@link asked}, and `wanted()` of the row set. `run` does it otherwise. */
  ask(): void {
    this.asked = this.works.map(askedBy);
    for (const { needs } of this.asked) this.rowSet.want(needs);
  }

  /** @param acknowledged ids of outbox rows that the same statement deletes */
  async run(executor: Executor, acknowledged: readonly string[], rows: RowSource = readRows): Promise<BatchResult> {
    if (this.asked.length === 0) this.ask();
    const { asked } = this;
    const { held, unasked } = await rows.fill(this.rowSet, asked, this.messageKeys(), executor);
    this.unasked = unasked;
    const context: DecideContext = { now: this.environment.now(), newId, random: Math.random };
    this.works.forEach((work, index) => this.decide(work, asked[index]?.needs ?? {}, held, context));
    const { outgoing, parkings, repeated, effects, answers, refusals } = this;
    const question = outgoing.length > 0 ? findUnsentPredecessors(outgoing) : undefined;
    const { isRememberedAsOfNow: timed } = this.rowSet;
    const { answer: unsentPredecessors, at } = await writeTimed(executor, this.parts(acknowledged), question, timed);
    return {
      outgoing,
      unsentPredecessors: unsentPredecessors ?? [],
      at,
      parkings,
      repeated,
      effects,
      answers,
      refusals,
    };
  }

  private messageKeys(): string[] {
    const keys = new Set<string>();
    for (const work of this.works) if (work.kind !== 'request' && work.key !== '') keys.add(work.key);
    return [...keys];
  }

  private decide(work: Work, needs: Needs, held: Set<string>, context: DecideContext): void {
    if (work.kind === 'request') return this.decideRequest(work, needs, context);
    // A duplicate within the batch: the first one counts.
    if (this.handledIds.has(work.id)) return void this.repeated.push(work.delivered);
    if (work.kind === 'message' && work.replay) {
      const { attempts, operation } = work.replay;
      this.unparked.push({ id: work.id, attempts });
      if (operation) this.operations.push(operation);
    } else {
      if (work.kind === 'message' && work.express && held.has(work.key)) {
        this.refusals.set(work, new HeldKeyError(work.key));
        return;
      }
      this.handledIds.add(work.id);
      if (work.kind === 'poison') return this.park(work, 'poisoned', work.cause, work.error, held, work.stub);
      if (held.has(work.key))
        return this.park(work, 'held', 'behind_parked', 'waits behind a parked message of its key', held);
    }
    const changes = work.handler.decide(work.message, this.rowSet.give(needs), context);
    this.apply(work, changes, context);
    this.rowSet.refuseHeldAbsence(needs, changes);
  }

  private decideRequest(work: Extract<Work, { kind: 'request' }>, needs: Needs, context: DecideContext): void {
    let decision;
    try {
      decision = decideRequest(work.handler, work.input, needs, this.rowSet.give(needs), context);
    } catch (refusal) {
      this.refusals.set(work, refusal);
      return;
    }
    this.apply(work, decision.changes, context, decision.edited);
    this.rowSet.refuseHeldAbsence(needs, decision.changes);
    this.answers.set(work, decision.answer);
  }

  private apply(work: Work, changes: readonly Change[], context: DecideContext, edited?: Edited): void {
    const versions = new Map<Change, number>();
    for (const change of changes) {
      if (change.change === 'send') this.send(change, change.of && versions.get(change.of));
      else if (change.change === 'effect') this.follow(change, versions);
      else if (change.change === 'part') this.shared.add(work, change);
      else versions.set(change, this.rowSet.apply(change, madeBy(change, context, edited, this.environment.tables)));
    }
  }

  private send(change: OutgoingMessage, aggregateVersion: number | undefined): void {
    const message = toMessage(change, this.environment.source, aggregateVersion);
    const { topic, key, headers, value, bytes } = encode(message, change.definition);
    const largest = this.environment.largestMessage?.(topic) ?? Infinity;
    if (bytes > largest) {
      const what = `${message.type} has ${bytes} bytes; Kafka takes ${largest} on ${topic}`;
      throw new InvalidMessageError('oversize', what);
    }
    const shard = this.environment.shardOf(key);
    this.outgoing.push({ id: message.id, shard, topic, key, headers, value, bytes });
  }

  private follow(following: FollowingEffect, decided: ReadonlyMap<Change, number>): void {
    const data = effectData(following, decided, (change) => this.rowSet.rowOf(change));
    const all = this.effects.get(following.effect);
    if (all) all.push(data);
    else this.effects.set(following.effect, [data]);
  }

  private park(
    work: Extract<Work, { kind: 'message' | 'poison' }>,
    state: Parking['state'],
    cause: string,
    error: string,
    held: Set<string>,
    stub?: boolean,
  ): void {
    this.parkings.push({ delivered: work.delivered, state, cause, error, stub });
    if (work.key !== '') held.add(work.key);
  }

  private parts(acknowledged: readonly string[]): StatementPart[] {
    const parts: StatementPart[] = [];
    if (this.handledIds.size > 0) parts.push(inboxPart([...this.handledIds]));
    if (this.unasked.length > 0) parts.push(nothingHeldPart(this.unasked));
    parts.push(...this.rowSet.parts(), ...this.shared.parts());
    if (this.parkings.length > 0) parts.push(parkPart(this.parkings));
    if (this.unparked.length > 0) parts.push(unparkPart(this.unparked));
    if (this.operations.length > 0) parts.push(operationsPart(this.operations));
    if (this.outgoing.length > 0) parts.push(outboxPart(this.outgoing));
    if (acknowledged.length > 0) parts.push(acknowledgedPart(acknowledged));
    return parts;
  }
}

const NOTHING: Asked = { by: undefined, message: '', needs: {} };

/** What a work needs: nothing, when it has no handler. */
export function askedBy(work: Work): Asked {
  if (work.kind === 'poison') return NOTHING;
  const { handler: by } = work;
  return work.kind === 'request'
    ? { by, message: '', needs: work.handler.needs(work.input) }
    : { by, message: work.message.type, needs: work.handler.needs(work.message) };
}
