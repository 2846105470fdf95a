import { offlineTables, type EntityClass, type Tables, type Versioned } from '@backstep/concurrency';
import { encode, newId, type Message, type MessageDefinition } from '@backstep/messages';
import { toMessage, type RowChange, effectData } from '../changes.js';
import type { Effect } from '../effects.js';
import type { DecideContext, Decision, MessageHandler, RequestHandler } from '../handler.js';
import type { LoadedNeeds, Needs } from '../needs.js';
import { RowSet } from '../row-set.js';
import { decideRequest, madeBy } from '../stale/decide-request.js';
import type { SharedPart } from '../shared-parts.js';

/**
 * A service's rows in memory, for specs of its handlers: gives a decision the rows that it needs, and keeps its changes.
 *
 * The checks are those of the unit of work: only rows that `needs` has named, versions that go up by one, messages that match their
 * schemas. Rows are frozen and have gone through JSON, as a read from PostgreSQL gives them, so that `decide` stays a pure function.
 */
export class InMemoryRows {
  private readonly stored = new Map<EntityClass, Map<string, unknown>>();
  private readonly effects: { readonly effect: Effect<never>; readonly data: unknown }[] = [];
  private readonly demands: { readonly part: SharedPart<unknown>; readonly value: unknown }[] = [];

  /** @param tables from {@link offlineTables}; many instances may share them */
  constructor(
    private readonly tables: Tables,
    private readonly now: () => number = () => 0,
  ) {}

  static async of(entities: readonly (new () => object)[], now?: () => number): Promise<InMemoryRows> {
    return new InMemoryRows(await offlineTables(entities), now);
  }

  /** @returns the messages of the handler. @throws what the handler throws; Error when it breaks a rule. Then nothing is kept. */
  handle<D extends MessageDefinition, N extends Needs>(handler: MessageHandler<D, N>, message: Message<D>): Message[] {
    return this.run(handler.needs(message), (state, context) => ({
      answer: undefined,
      changes: handler.decide(message, state, context),
    })).said;
  }

  /** @returns the answer and the messages of the handler. @throws as {@link handle} does. */
  request<I, A, N extends Needs>(
    handler: RequestHandler<I, A, N>,
    input: I,
  ): { readonly answer: A; readonly said: Message[] } {
    const needs = handler.needs(input);
    return this.run(needs, (state, context) => decideRequest(handler, input, needs, state, context));
  }

  /** Puts a row that exists from the start, at version 1 unless `row` names another. */
  put<E extends Versioned>(entity: EntityClass<E>, row: Omit<E, 'version'> & { readonly version?: number }): void {
    const stored = { version: 1, ...row } as unknown as E;
    this.rowsOf(entity).set(this.tables.of(entity).keyOf(stored), stored);
  }

  find<E>(entity: EntityClass<E>, key: string): E | undefined {
    const row = this.rowsOf(entity).get(this.tables.of(entity).canonicalKey(key)) as E | undefined;
    return row !== undefined && this.tables.of(entity).isRemoved(row) ? undefined : row;
  }

  all<E>(entity: EntityClass<E>): E[] {
    return ([...this.rowsOf(entity).values()] as E[]).filter((row) => !this.tables.of(entity).isRemoved(row));
  }

  /** The data of this effect so far, oldest first. */
  followed<T>(effect: Effect<T>): T[] {
    return this.effects.filter((one) => one.effect === effect).map(({ data }) => data as T);
  }

  /** What has been demanded of this part so far, oldest first. Whether it holds is not asked. */
  demanded<T>(part: SharedPart<T>): T[] {
    return this.demands.filter((one) => one.part === part).map(({ value }) => value as T);
  }

  private run<A, N extends Needs>(
    needs: N,
    decide: (state: LoadedNeeds<N>, context: DecideContext) => Decision<A>,
  ): { answer: A; said: Message[] } {
    const rowSet = new RowSet(this.tables);
    rowSet.want(needs);
    for (const { table, keys } of rowSet.wanted()) {
      const rows = keys.flatMap((key) => this.rowsOf(table.entity).get(key) ?? []);
      rowSet.load(
        table,
        rows.map((row) => JSON.parse(JSON.stringify(row)) as Record<string, unknown>),
      );
    }
    const context = { now: this.now(), newId, random: Math.random };
    const { answer, changes, edited } = decide(frozen(rowSet.give(needs)), context);
    const versions = new Map<RowChange, number>();
    const said: Message[] = [];
    const effects: typeof this.effects = [];
    const demands: typeof this.demands = [];
    for (const change of changes) {
      if (change.change === 'effect') {
        const { effect } = change;
        effects.push({ effect, data: effectData(change, versions, (of) => rowSet.rowOf(of)) });
        continue;
      }
      if (change.change === 'part') {
        demands.push(change);
        continue;
      }
      if (change.change !== 'send') {
        versions.set(change, rowSet.apply(change, madeBy(change, context, edited, this.tables)));
        continue;
      }
      const message = toMessage(change, 'test', change.of && versions.get(change.of));
      encode(message, change.definition);
      said.push(message);
    }
    rowSet.refuseHeldAbsence(needs, changes);
    for (const { entity, row } of versions.keys()) this.rowsOf(entity).delete(this.tables.of(entity).keyOf(row));
    for (const entity of new Set([...versions.keys()].map((change) => change.entity))) {
      for (const row of rowSet.stored(entity)) this.rowsOf(entity).set(this.tables.of(entity).keyOf(row), row);
    }
    this.effects.push(...effects);
    this.demands.push(...demands);
    return { answer, said };
  }

  private rowsOf(entity: EntityClass): Map<string, unknown> {
    let rows = this.stored.get(entity);
    if (!rows) this.stored.set(entity, (rows = new Map()));
    return rows;
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of value instanceof Map ? value.values() : Object.values(value)) frozen(part);
  return Object.freeze(value);
}
