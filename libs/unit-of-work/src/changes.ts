import { isHashed, refuseUnknownVersion, type EntityClass, type Versioned } from '@backstep/concurrency';
import { message, type DataOf, type Message, type MessageDefinition, type GivenMetadata } from '@backstep/messages';
import type { Effect } from './effects.js';
import type { PartChange } from './shared-parts.js';

/** A decided change of one row. `row` is what will be stored; the unit of work sets its version. */
export interface RowChange<E = unknown> {
  readonly change: 'insert' | 'update' | 'remove';
  readonly entity: EntityClass<E>;
  readonly row: E;
  /** For the change log of the row. Without it, the runtime knows what an edit was made of. */
  readonly made?: MadeOf | undefined;
}

/** What a change was made of, for the change log of its row (`@Kept`). */
export interface MadeOf {
  /** Who asked for it. */
  readonly by?: string | undefined;
  /** The operations that it applies, which were asked for earlier: see `rebase`. */
  readonly ops?: readonly object[] | undefined;
}

/** A decided message. {@link toMessage} makes the message once the version of the row is known. */
export interface OutgoingMessage {
  readonly change: 'send';
  readonly definition: MessageDefinition;
  readonly data: Record<string, unknown>;
  /** The row whose version the event carries as `ce_aggregateversion`. */
  readonly of: RowChange | undefined;
  readonly metadata: ReplyContext;
}

/** A decided effect: its listeners are called after the commit. */
export interface FollowingEffect {
  readonly change: 'effect';
  readonly effect: Effect<never>;
  readonly data: unknown;
}

/** What a handler decides: a row that changes, a message that goes out, what follows the commit, or what the write must fulfil beside. */
export type Change = RowChange | OutgoingMessage | FollowingEffect | PartChange;

/** A new row, with version 1. One that exists by then is a lost race: the batch reads again and decides again. */
export const insert = <E extends Versioned>(entity: EntityClass<E>, row: Omit<E, 'version'>): RowChange<E> => ({
  change: 'insert',
  entity,
  // No spread on the hot path: see decision 0013.
  row: Object.assign({}, row, { version: 0 }) as unknown as E,
});

/**
 * `update(Account, account, { balance: 3 })`: the row as it was read, and the columns that change.
 * @param made what the change log of the row is to know of it, where the change applies what was asked for earlier
 */
export function update<E extends Versioned>(
  entity: EntityClass<E>,
  row: E,
  changed: Partial<Omit<E, 'version'>>,
  made?: MadeOf,
): RowChange<E> {
  const after = { ...row, ...changed };
  return made === undefined ? { change: 'update', entity, row: after } : { change: 'update', entity, row: after, made };
}

/**
 * Counts the version of a row up and changes nothing else of it. For a row that stands for others, such as the root of an aggregate whose
 * parts are rows of their own: who decided from its old version decides again, and its ETag is another.
 * @throws Error when the version is a `hash()`, which cannot change by itself
 */
export function touch<E extends Versioned>(entity: EntityClass<E>, row: E): RowChange<E> {
  if (isHashed(entity)) {
    throw new Error(`${entity.name} cannot be touched: its version is a hash, which changes with its columns only`);
  }
  return { change: 'update', entity, row };
}

/**
 * Marks the row as removed, if it still has the version that was read. The entity must have a `@Removed()` column: when the row is inserted
 * again, its version counts on, so that whoever has read it before is noticed. Rows that nobody will ask for again are a purge's to delete,
 * outside of the unit of work.
 */
export const remove = <E extends Versioned>(entity: EntityClass<E>, row: E): RowChange<E> => ({
  change: 'remove',
  entity,
  row,
});

/**
 * An effect whose listeners are called once the batch is committed; a write that fails calls none.
 * @param what the effect's data; or an earlier change of the same decision: then the listeners get its row, with its version
 * @throws Error for a change whose version PostgreSQL makes (`timestamp()`, `hash()`)
 */
export function afterCommit<T extends object>(
  effect: Effect<T>,
  what: NoInfer<T> | RowChange<NoInfer<T>>,
): FollowingEffect {
  if (isRowChange(what)) refuseUnknownVersion(what.entity, effect.name, 'pass what the listeners need of the row');
  return { change: 'effect', effect, data: what };
}

/**
 * The data that the listeners of a decided effect get.
 * @param decided the changes before the effect, in the same decision
 * @throws Error when the effect names a change that is not in `decided`: a bug of the handler
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

/** Whether this is a change of a row, not a message or an effect. */
export const isRowChange = (what: unknown): what is RowChange =>
  typeof (what as Partial<RowChange> | null)?.entity === 'function' && 'row' in (what as object);

type ReplyContext = Pick<
  Partial<GivenMetadata>,
  'id' | 'sagaId' | 'commandId' | 'causationId' | 'traceparent' | 'aggregateVersion'
>;

interface EventOptions {
  /**
   * The change that the event is about: the version of its row is sent as `ce_aggregateversion`. An Error is thrown where PostgreSQL makes that
   * version (`timestamp()`, `hash()`).
   */
  readonly of?: RowChange | undefined;
  readonly id?: string | undefined;
  /** The version to send as `ce_aggregateversion` when the event repeats the state of a row that the decision does not change. */
  readonly tells?: number | undefined;
}

/** An event that answers a command: it carries the ids of the command and of its saga. */
export function reply<D extends MessageDefinition>(
  command: Pick<Message, 'id' | 'sagaId' | 'commandId' | 'traceparent'>,
  definition: D,
  data: DataOf<D>,
  { of, id }: EventOptions = {},
): OutgoingMessage {
  const { sagaId, commandId, traceparent } = command;
  return send(definition, data, { id, sagaId, commandId, traceparent, causationId: command.id }, of);
}

/** An event that answers no command, or a command. */
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
  if (of) refuseUnknownVersion(of.entity, definition.name, 'leave out `of`, or count the versions of these rows');
  return { change: 'send', definition, data, of, metadata };
}

/** The message as it leaves the service `source`. */
export function toMessage(outgoing: OutgoingMessage, source: string, aggregateVersion: number | undefined): Message {
  return message(outgoing.definition, outgoing.data, { source, aggregateVersion, ...outgoing.metadata });
}
