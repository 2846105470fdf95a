export {
  afterCommit,
  emit,
  insert,
  isRowChange,
  remove,
  reply,
  toMessage,
  touch,
  update,
  type Change,
  type FollowingEffect,
  type MadeOf,
  type OutgoingMessage,
  type RowChange,
} from './changes.js';
export * from './consumer.js';
export { effect, type Effect, type EffectListener } from './effects.js';
export type { Decided, DecidedMessage, DecidedRow, DecidedState } from './dry-run.js';
export * from './contention/report.js';
export type { DecisionReason, DecisionRule, KeyDecision } from './contention/decisions.js';
export { waitOf, type LockWaits } from './contention/lock-waits.js';
export { SLOT_MS, SLOTS_MAX, type Slot } from './contention/series.js';
export { ContentionBoard, TELL_EVERY_MS } from './contention/board.js';
export { DEFAULT_HOT_KEY_LIMITS, type HotKeyLimits } from './contention/hot-keys.js';
export * from './errors.js';
export type { LoopClock } from './express/gathering.js';
export type { ExpressLane, LaneMessage, LaneParts } from './express/lane.js';
export { ExpressLanes, type LanesParts, type Reading, type Taken } from './express/lanes.js';
export { ExpressToReaders, type Elsewhere, type Readers } from './express/to-readers.js';
export { HOT_PATH_SETTINGS, onConnection, preparedExecutor } from './executor.js';
export { isOfTheDatabase } from './failures.js';
export * from './handler.js';
export {
  many,
  one,
  type Loaded,
  type LoadedNeeds,
  type Many,
  type Need,
  type NeedOptions,
  type Needs,
  type One,
} from './needs.js';
export * from './observer.js';
export type { BlockedLimits } from './blocked-works.js';
export { DEFAULT_LIMITS, type UnitOfWorkLimits } from './limits.js';
export { UnitOfWork } from './unit-of-work.js';
export { Batch, type BatchEnvironment } from './batch.js';
export { lockRows, readRows, type RowSource } from './row-source.js';
export {
  ParkedMessages,
  type ParkedTarget,
  type Settled,
  type SettledByOperator,
  type SettledDry,
  type SettleRequest,
} from './settle-parked.js';
export * from './stale/index.js';
export { demand, type PartChange, type PartValues, type SharedPart } from './shared-parts.js';
export * from './tables.js';
