export { MessageInvariants, type SentMessage } from './invariants/messages.js';
export { SagaInvariants } from './invariants/sagas.js';
export type { LogRecord } from './kafka/log.js';
export type { Plan, ServiceStatement, Values } from './postgres/plan.js';
export {
  Store,
  type Commit,
  type LockChanged,
  type LockRow,
  type OutboxRow,
  type Row,
  type RowChanged,
} from './postgres/store.js';
export { unreachable } from './postgres/errors.js';
export { HEAL_AT_MS, LIVENESS_MS, Simulator, type Outcome } from './run/run.js';
export { shrink, SHRINK_RUNS_MAX, type Shrunk } from './run/shrink.js';
export { simulate, type Report, type SimulateOptions } from './run/simulate.js';
export type { Scenario, SimulatedSystem } from './run/system.js';
export type { SimulatedService, Started } from './service/service.js';
export { Coverage } from './world/coverage.js';
export { WINDOWS, type Fault, type Window } from './world/faults.js';
export { EPOCH } from './world/kernel.js';
export type { RunPlan } from './world/plan.js';
export { Random } from './world/random.js';
export { ViolationError } from './world/violation.js';
export type { SimulatedProcess } from './world/process.js';
export type { Watcher, World } from './world/world.js';
export { Effect } from './saga/effect.entity.js';
export { orchestratorOf } from './saga/orchestrator.js';
export type { Effective } from './invariants/participants.js';
export type { Participant } from './saga/real-participant.js';
export type { SagaSubject } from './saga/saga-scenario.js';
export { sagaSystem, type SagaInvariant, type SagaSystemOptions } from './saga/saga-system.js';
export { strayAnswer } from './saga/stray-answer.js';
export { laneSystem } from './lane/lane-system.js';
export type { MoveSubject } from './lane/lane-scenario.js';
export { laneStatements } from './lane/lane-statements.js';
export { rotaSystem } from './rota/rota-system.js';
export type { ShiftSubject } from './rota/rota-scenario.js';
