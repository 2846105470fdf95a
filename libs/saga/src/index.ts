export { decide } from './decide/decide.js';
export {
  timersOf,
  type DecideContext,
  type Decision,
  type Ignored,
  type IgnoredReason,
  type Moved,
  type SagaCommand,
  type SagaInput,
  type SagaTimers,
  type TimerInput,
  type TimerName,
} from './decide/decision.js';
export {
  hasEnded,
  OPERATOR_ACTIONS,
  RETRIES_MAX,
  SAGA_STATUSES,
  type AbandonedSaga,
  type Awaited,
  type AwaitedUntil,
  type CompensatedSaga,
  type CompensatingSaga,
  type CompletedSaga,
  type Data,
  type Direction,
  type EndedSaga,
  type Instant,
  type LiveSaga,
  type OperationRecord,
  type OperatorAction,
  type RunningSaga,
  type SagaInstance,
  type SagaStatus,
  type StepRecord,
  type StepState,
  type StuckSaga,
  type WaitingSaga,
} from './decide/instance.js';
export { IllegalOperatorActionError, legalActions, operate, type OperatorRequest } from './decide/operate.js';
export { assertSound, UnsoundSagaError, violationsOf } from './decide/invariants.js';
export { MAX_ATTEMPTS, MAX_STEPS } from './definition/check-definition.js';
export * from './definition/describe-saga.js';
export * from './definition/durations.js';
export * from './definition/errors.js';
export * from './definition/failure.js';
export * from './definition/patience.js';
export * from './definition/registry.js';
export * from './definition/saga.js';
export * from './definition/steps.js';
export { InMemorySagaStore } from './store/in-memory-saga-store.js';
export * from './store/page-cursor.js';
export * from './store/saga-store.js';
export { dueAtOf, wakeFor, type Wake } from './store/wake.js';
export { PostgresSagaStore } from './runtime/postgres-saga-store.js';
export { SAGA_ENTITIES, SagaRow } from './runtime/saga.entities.js';
export { SagaStuck, StepAnswered, type AnsweredStep } from './runtime/saga-effects.js';
export { SagaEventHandler, SagaTimerHandler, type SagaObserver } from './runtime/saga-handlers.js';
export {
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaVersionsCounted1700000000201,
  SagaWakes1700000000004,
} from './runtime/saga-tables.js';
export {
  OperationKeyReusedError,
  SagaNotFoundError,
  SagaOperatorHandler,
  type OperateAnswer,
  type OperateRequest,
  type PreviewedCommand,
} from './runtime/saga-operator.js';
export { TimerPoller, TIMERS_MAX, type TimerObserver } from './runtime/timer-poller.js';
