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
export { UnsoundSagaError, violationsOf } from './decide/invariants.js';
export {
  IllegalOperatorActionError,
  legalActions,
  operate,
  refusedActions,
  withOutcome,
  type OperatorRequest,
  type RefusedAction,
} from './decide/operate.js';
export { describeSaga, type DescribedStep } from './definition/describe-saga.js';
export { hours, milliseconds, minutes, seconds, type Milliseconds } from './definition/durations.js';
export { SagaDefinitionError, UnknownSagaVersionError } from './definition/errors.js';
export { FAILURE_MESSAGE_MAX, TIMED_OUT, type Failure, type FailureCode } from './definition/failure.js';
export {
  RETRY_AFTER,
  COMPENSATABLE_RETRY,
  PERSISTENT_RETRY,
  type RetryOptions,
  type RetryPolicy,
} from './definition/retry-policy.js';
export { sagaIdFor, sagaRegistry, type SagaRegistry } from './definition/registry.js';
export { saga, type SagaDefinition, type SagaOptions, type SagaTable, type TurnBack } from './definition/saga.js';
export {
  compensatable,
  pivot,
  retriable,
  type AnyStep,
  type CompensatableStep,
  type Exchange,
  type Facts,
  type PivotStep,
  type RefusalOf,
  type RetriableStep,
  type Step,
  type StepKind,
  type UndoFacts,
} from './definition/steps.js';
