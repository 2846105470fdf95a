import { storable, type Executor, type StatementPart } from '@backstep/concurrency';

/** What an operator may do about a parked message. */
export const PARKED_ACTIONS = ['replay', 'discard'] as const;
/** One of {@link PARKED_ACTIONS}. */
export type ParkedAction = (typeof PARKED_ACTIONS)[number];

/** What became of the message: poisoned, when a replay failed again. */
export type ParkedOutcome = 'handled' | 'discarded' | 'poisoned';

/** Who acts on a parked message, and why. */
export interface ParkedOperator {
  readonly by: string;
  readonly reason: string;
  /** The idempotency key of the request. */
  readonly key?: string | undefined;
  /** Under which the logs have the request. */
  readonly requestId?: string | undefined;
}

/** What an operator does to a parked message; stored in the write that does it. */
export interface ParkedOperation extends ParkedOperator {
  readonly id: string;
  readonly messageId: string;
  readonly action: ParkedAction;
}

/** A stored operation, with what its message was. */
export interface StoredOperation extends ParkedOperation {
  readonly outcome: ParkedOutcome;
  /** RFC 3339, by the database's clock. */
  readonly at: string;
  readonly message: OperatedMessage;
}

/** What a message was when somebody acted on it. */
export interface OperatedMessage {
  readonly id: string;
  readonly key: string;
  readonly type: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly cause: string;
  readonly attempts: number;
}

const REQUEST_ID_CHARACTERS_MAX = 255;

/** An operation with what came of it. */
export type Outcome = readonly [operation: ParkedOperation, outcome: ParkedOutcome];

/** {@link OPERATIONS_GIVEN}: eight parameters, a row for each operation. */
export const operationParams = (outcomes: readonly Outcome[]): readonly unknown[] => [
  outcomes.map(([{ id }]) => id),
  outcomes.map(([{ messageId }]) => messageId),
  outcomes.map(([{ action }]) => action),
  outcomes.map(([, outcome]) => outcome),
  outcomes.map(([{ by }]) => storable(by)),
  outcomes.map(([{ reason }]) => storable(reason)),
  outcomes.map(([{ key }]) => key ?? null),
  outcomes.map(([{ requestId }]) =>
    requestId === undefined ? null : storable(requestId.slice(0, REQUEST_ID_CHARACTERS_MAX)),
  ),
];

/**
 * Stores operations with what their messages are before the statement: it sees no row that it changes itself.
 * @param first the number of the first of {@link operationParams}
 * @param only a further join, for operations that are stored only if something is done
 */
export function insertOperations(first: number, only = ''): string {
  const types = ['uuid', 'uuid', 'text', 'text', 'text', 'text', 'text', 'text'];
  const given = types.map((type, index) => `$${first + index}::${type}[]`).join(', ');
  return (
    'INSERT INTO parked_operation (id, message_id, action, outcome, acted_by, reason, idempotency_key, request_id, ' +
    'key, type, topic, partition, kafka_offset, cause, attempts) ' +
    'SELECT x.id, p.id, x.action, x.outcome, x.acted_by, x.reason, x.idempotency_key, x.request_id, ' +
    'p.key, p.type, p.topic, p.partition, p.kafka_offset, p.cause, p.attempts ' +
    `FROM unnest(${given}) AS x (id, message_id, action, outcome, acted_by, reason, idempotency_key, request_id) ` +
    `JOIN parked_message AS p ON p.id = x.message_id${only}`
  );
}

/** Who has replayed these messages, in the batch that handles them. */
export const operationsPart = (operations: readonly ParkedOperation[]): StatementPart => ({
  name: 'operations_in',
  sql: insertOperations(1),
  params: operationParams(operations.map((operation) => [operation, 'handled'])),
  rows: operations.length,
});

/** Which operations are wanted, newest first. */
export interface OperationsQuery {
  readonly limit: number;
  /** Those before this one. */
  readonly after?: { readonly atMs: number; readonly id: string } | undefined;
  readonly by?: string | undefined;
  readonly action?: ParkedAction | undefined;
  /** The key of the messages, as parked messages have it. */
  readonly key?: string | undefined;
}

/** What operators did about parked messages, as long as it is kept. */
export class ParkedOperations {
  constructor(private readonly executor: Executor) {}

  /** The latest first. */
  list({ limit, after, by, action, key }: OperationsQuery): Promise<StoredOperation[]> {
    return this.select(
      `WHERE ($1::float8 IS NULL OR (acted_at, id) < (to_timestamp($1 / 1000), $2::uuid)) AND ($3::text IS NULL OR acted_by = $3)
         AND ($4::text IS NULL OR action = $4) AND ($5::text IS NULL OR key = $5) ORDER BY acted_at DESC, id DESC LIMIT $6`,
      [after?.atMs ?? null, after?.id ?? null, by ?? null, action ?? null, key ?? null, limit],
    );
  }

  /** The operation that settled the message, which is done once; a replay that failed has settled nothing. */
  async settled(messageId: string): Promise<StoredOperation | undefined> {
    const [last] = await this.select(`WHERE message_id = $1 AND outcome <> 'poisoned' ORDER BY acted_at DESC LIMIT 1`, [
      messageId,
    ]);
    return last;
  }

  private async select(condition: string, values: unknown[]): Promise<StoredOperation[]> {
    const { rows } = await this.executor.query(
      `/* parked.operations */ SELECT id, message_id, action, outcome, acted_by, reason, idempotency_key, request_id, key, type, topic,
         partition, kafka_offset, cause, attempts, acted_at FROM parked_operation ${condition}`,
      values,
    );
    return (rows as OperationRow[]).map(toOperation);
  }
}

interface OperationRow {
  readonly id: string;
  readonly message_id: string;
  readonly action: ParkedAction;
  readonly outcome: ParkedOutcome;
  readonly acted_by: string;
  readonly reason: string;
  readonly idempotency_key: string | null;
  readonly request_id: string | null;
  readonly key: string;
  readonly type: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly kafka_offset: string;
  readonly cause: string;
  readonly attempts: number;
  readonly acted_at: Date;
}

const toOperation = (row: OperationRow): StoredOperation => ({
  id: row.id,
  messageId: row.message_id,
  action: row.action,
  outcome: row.outcome,
  by: row.acted_by,
  reason: row.reason,
  key: row.idempotency_key ?? undefined,
  requestId: row.request_id ?? undefined,
  at: row.acted_at.toISOString(),
  message: {
    id: row.message_id,
    key: row.key,
    type: row.type,
    topic: row.topic,
    partition: row.partition,
    offset: row.kafka_offset,
    cause: row.cause,
    attempts: row.attempts,
  },
});
