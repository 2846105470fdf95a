export { PostgresSagaStore, type UnendedSagas } from './postgres-saga-store.js';
export { SagaStuck, StepAnswered, type AnsweredStep } from './saga-effects.js';
export { SagaEventHandler, type SagaObserver } from './saga-handlers.js';
export {
  OperationKeyReusedError,
  SagaNotFoundError,
  SagaOperatorHandler,
  type OperateAnswer,
  type OperateRequest,
  type PreviewedCommand,
} from './saga-operator.js';
export { JudgedOperatorHandler, type OperateOutcome } from './judged-operator.js';
export { SAGA_MIGRATIONS } from './saga-tables.js';
export { SAGA_ENTITIES, SagaOperationRow, SagaRow } from './saga.entities.js';
export { instanceOf, type InstanceColumns, type StoredInstance } from './stored-instance.js';
export { TimerPoller, type TimerObserver } from './timer-poller.js';
export { InvalidCursorError } from '../store/page-cursor.js';
export type {
  DueSaga,
  OperationPage,
  OperationQuery,
  SagaPage,
  SagaQuery,
  StoredOperation,
  StoredSaga,
} from '../store/stored-saga.js';
