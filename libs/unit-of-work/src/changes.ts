import type { EntityClass, Versioned } from '@backstep/concurrency';
import { message, type DataOf, type Message, type MessageDefinition, type GivenMetadata } from '@backstep/messages';
import type { Effect } from './effects.js';

/** A decided change of one row. `row` is as it will be stored; its version is given by the unit of work. */
export interface RowChange<E = unknown> {
  readonly change: 'insert' | 'update' | 'remove';
  readonly entity: EntityClass<E>;
  readonly row: E;
}

/** A decided message. It becomes one when its row versions are known. */
export interface OutgoingMessage {
  readonly change: 'send';
  readonly definition: MessageDefinition;
  readonly data: Record<string, unknown>;
  /** The row whose version the event tells. */
  readonly of: RowChange | undefined;
  readonly metadata: ReplyContext;
}

/** A decided effect: it follows the commit. */
export interface FollowingEffect {
  readonly change: 'effect';
  readonly effect: Effect<never>;
  readonly data: unknown;
}

export type Change = RowChange | OutgoingMessage | FollowingEffect;

export const insert = <E extends Versioned>(entity: EntityClass<E>, row: Omit<E, 'version'>): RowChange<E> => ({
  change: 'insert',
  entity,
  // Not by `...`: see decision 0013.
  row: Object.assign({}, row, { version: 0 }) as unknown as E,
});

/** `update(Stock, stock, { reserved: 3 })`: the row as it was read, and what is different now. */
export const update = <E extends Versioned>(
  entity: EntityClass<E>,
  row: E,
  changed: Partial<Omit<E, 'version'>>,
): RowChange<E> => ({ change: 'update', entity, row: { ...row, ...changed } });

export const remove = <E extends Versioned>(entity: EntityClass<E>, row: E): RowChange<E> => ({
  change: 'remove',
  entity,
  row,
});

/**
 * What follows when all of this is committed; nothing follows a write that failed.
 * @param what the effect's data; or a change that is decided before it: then the listeners get its row, with its version
 */
export const afterCommit = <T extends object>(
  effect: Effect<T>,
  what: NoInfer<T> | RowChange<NoInfer<T>>,
): FollowingEffect => ({ change: 'effect', effect, data: what });

/**
 * What the listeners of a decided effect get.
 * @param decided the changes before it
 * @throws Error when it tells of a change that is none of them: a bug of the handler
 */
export function effectData(
  { effect, data }: FollowingEffect,
  decided: ReadonlyMap<Change, unknown>,
  rowOf: (change: RowChange) => unknown,
): unknown {
  if (!isRowChange(data)) return data;
  if (!decided.has(data)) throw new Error(`${effect.name} tells of a change that is not decided before it`);
  return rowOf(data);
}

const isRowChange = (what: unknown): what is RowChange =>
  typeof (what as Partial<RowChange> | null)?.entity === 'function' && 'row' in (what as object);

type ReplyContext = Pick<
  Partial<GivenMetadata>,
  'id' | 'sagaId' | 'commandId' | 'causationId' | 'traceparent' | 'aggregateVersion'
>;

interface EventOptions {
  /** The change that the event tells: its version travels as `ce_aggregateversion`. */
  readonly of?: RowChange | undefined;
  readonly id?: string | undefined;
  /** The version that the event tells once more, of a row that it leaves as it is. */
  readonly tells?: number | undefined;
}

/** An event that answers a command: it carries the command's id and its saga. */
export function reply<D extends MessageDefinition>(
  command: Pick<Message, 'id' | 'sagaId' | 'commandId' | 'traceparent'>,
  definition: D,
  data: DataOf<D>,
  { of, id }: EventOptions = {},
): OutgoingMessage {
  const { sagaId, commandId, traceparent } = command;
  return send(definition, data, { id, sagaId, commandId, traceparent, causationId: command.id }, of);
}

/** An event nobody asked for, or a command. */
export function emit<D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  { of, id, tells, sagaId, commandId, causationId, traceparent }: EventOptions & ReplyContext = {},
): OutgoingMessage {
  if (tells !== undefined) return send(definition, data, { id, traceparent, aggregateVersion: tells }, of);
  return send(definition, data, { id, sagaId, commandId, traceparent, causationId }, of);
}

function send<D extends MessageDefinition>(
  definition: D,
  data: DataOf<D>,
  metadata: ReplyContext,
  of: RowChange | undefined,
): OutgoingMessage {
  return { change: 'send', definition, data, of, metadata };
}

export function toMessage(outgoing: OutgoingMessage, source: string, aggregateVersion: number | undefined): Message {
  return message(outgoing.definition, outgoing.data, { source, aggregateVersion, ...outgoing.metadata });
}
