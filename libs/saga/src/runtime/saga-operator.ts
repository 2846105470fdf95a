import { OptimisticLockError } from '@backstep/concurrency';
import { derivedId, encode, message } from '@backstep/messages';
import {
  emit,
  insert,
  one,
  type Change,
  type DecideContext,
  type LoadedNeeds,
  type RequestHandler,
} from '@backstep/unit-of-work';
import type { SagaCommand } from '../decide/decision.js';
import type { Data, OperationRecord, SagaInstance } from '../decide/instance.js';
import { operate, withOutcome, type OperatorRequest } from '../decide/operate.js';
import type { SagaRegistry } from '../definition/registry.js';
import type { StoredSaga } from '../store/stored-saga.js';
import { sagaEffects } from './saga-effects.js';
import { SagaOperationRow } from './saga.entities.js';
import { sagaChange, sagaNeeds } from './saga-rows.js';
import { instanceOf } from './stored-instance.js';

/** An operator's request as it reaches the saga: on which version, and whether it is a dry run. */
export interface OperateRequest extends OperatorRequest {
  readonly sagaId: string;
  /** The version that the operator saw. */
  readonly expectedVersion: number;
  /** Decide without writing. */
  readonly dryRun: boolean;
  /** By which the logs know the request; kept with what it does. */
  readonly requestId?: string;
}

/** A command as Kafka will carry it. */
export interface PreviewedCommand {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly commandId: string;
  readonly data: Data;
}

/** What an operator's request did, or would do. */
export interface OperateAnswer {
  /** A request with the same key was carried out before: nothing was written now. */
  readonly replayed: boolean;
  readonly before: StoredSaga;
  /** The saga as it is now; of a dry run, as it would be. */
  readonly after: StoredSaga;
  readonly commands: readonly PreviewedCommand[];
}

/** There is no saga of this id: it never began, or was purged. Nothing was done. */
export class SagaNotFoundError extends Error {
  override readonly name = 'SagaNotFoundError';
  constructor(readonly sagaId: string) {
    super(`there is no saga ${sagaId}`);
  }
}

/** The idempotency key belongs to another action on this saga. Nothing was written. */
export class OperationKeyReusedError extends Error {
  override readonly name = 'OperationKeyReusedError';
}

const operatorNeeds = ({ sagaId, expectedVersion }: OperateRequest) => ({
  ...sagaNeeds([sagaId]),
  // It is not there yet: what is inserted is named too.
  operation: one(SagaOperationRow, operationIdOf(sagaId, expectedVersion)),
});
type OperatorNeeds = ReturnType<typeof operatorNeeds>;

/**
 * An operator's action: the instance with its journal, the row of the list of all actions, timers and commands in one commit, if the saga still
 * has the version that the operator saw. Requests with the same idempotency key are carried out once.
 *
 * The ids of its messages follow from the saga, its version and the action: a dry run shows the very messages that the same request will
 * send.
 * @throws SagaNotFoundError, OptimisticLockError, IllegalOperatorActionError, OperationKeyReusedError
 */
export class SagaOperatorHandler implements RequestHandler<OperateRequest, OperateAnswer, OperatorNeeds> {
  constructor(private readonly registry: SagaRegistry) {}

  needs(request: OperateRequest): OperatorNeeds {
    return operatorNeeds(request);
  }

  decide(
    request: OperateRequest,
    { sagas }: Pick<LoadedNeeds<OperatorNeeds>, 'sagas'>,
    { now, random }: DecideContext,
  ): { answer: OperateAnswer; changes: Change[] } {
    const row = sagas.get(request.sagaId);
    if (!row) throw new SagaNotFoundError(request.sagaId);
    const saga = instanceOf(row);
    const before = { instance: saga, version: row.version };
    if (wasDone(saga, request)) {
      return { answer: { replayed: true, before, after: before, commands: [] }, changes: [] };
    }
    if (row.version !== request.expectedVersion) {
      throw new OptimisticLockError('SagaInstance', row.id, request.expectedVersion, row.version);
    }
    const newId = idsOf(before, request);
    const definition = this.registry.find(saga);
    const { instance: moved, commands } = operate(definition, saga, request, { now, newId, random });
    const outgoing = commands.map((command) => ({ command, id: newId() }));
    const { requestId } = request;
    const outcome = { commandIds: outgoing.map(({ id }) => id), ...(requestId !== undefined && { requestId }) };
    const instance = withOutcome(moved, outcome);
    const answer = {
      replayed: false,
      before,
      after: { instance, version: row.version + 1 },
      commands: outgoing.map(({ command, id }) => previewOf(command, id)),
    };
    if (request.dryRun) return { answer, changes: [] };
    const traceparent = row.traceparent ?? undefined;
    const sent = outgoing.map(({ command: { definition: kind, data, commandId, sagaId }, id }) =>
      emit(kind, data, { id, sagaId, commandId, traceparent }),
    );
    const told = insert(SagaOperationRow, operationOf(before, instance));
    return { answer, changes: [sagaChange(row, instance), told, ...sagaEffects(instance, saga), ...sent] };
  }
}

/** A version of a saga is moved once, so that it has one operation at most. */
const operationIdOf = (sagaId: string, version: number): string =>
  derivedId('saga-operation', sagaId.toLowerCase(), String(version));

/** The row of what the journal's last line says. @throws Error when no operator did anything: a bug */
function operationOf({ version }: StoredSaga, after: SagaInstance): Omit<SagaOperationRow, 'version'> {
  const done: OperationRecord | undefined = after.operations?.at(-1);
  if (!done) throw new Error(`no operator did anything to saga ${after.id}`);
  return {
    id: operationIdOf(after.id, version),
    doneAt: done.at,
    doneBy: done.by,
    action: done.action,
    reason: done.reason,
    sagaId: after.id,
    subject: after.subject,
    fromStatus: done.from,
    toStatus: done.to ?? null,
    step: done.step,
    direction: done.direction,
    commandIds: done.commandIds ?? null,
    requestId: done.requestId ?? null,
  };
}

/** @throws OperationKeyReusedError */
function wasDone({ operations = [] }: SagaInstance, { key, action, reason, by }: OperateRequest): boolean {
  const known = key === undefined ? undefined : operations.find((operation) => operation.key === key);
  if (!known) return false;
  if (known.action === action && known.reason === reason && known.by === by) return true;
  throw new OperationKeyReusedError(`the key was used for: ${known.action}, ${known.reason}`);
}

/** UUIDv7 by its form and its time, which is when the saga last moved; the rest is the same whenever the same is asked for. */
function idsOf({ instance, version }: StoredSaga, { action }: OperateRequest): () => string {
  const time = instance.updatedAt.toString(16).padStart(12, '0');
  let count = 0;
  return () => {
    const hash = derivedId('operator', instance.id, String(version), action, String(count++));
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(15)}`;
  };
}

function previewOf({ definition, data, commandId, sagaId }: SagaCommand, id: string): PreviewedCommand {
  const wire = encode(message(definition, data, { source: '', id, sagaId, commandId }), definition);
  return {
    id,
    type: definition.name,
    topic: wire.topic,
    key: wire.key,
    commandId,
    data: JSON.parse(wire.value) as Data,
  };
}
