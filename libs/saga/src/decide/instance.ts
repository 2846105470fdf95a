import type { Failure } from '../definition/failure.js';
import type { StepKind } from '../definition/steps.js';

/** JSON, as a message carries it. */
export type Data = Readonly<Record<string, unknown>>;

/** Milliseconds since the epoch. */
export type Instant = number;

/**
 * `pending` → `sent` → `done` | `refused`; taken back: `sent` | `done` → `undoing` → `undone`;
 * `skipped`: the saga ended another way and never sent it; `abandoned`: it may have had its effect, an operator gave it up,
 * and nobody takes it back.
 */
export type StepState = 'pending' | 'sent' | 'done' | 'refused' | 'undoing' | 'undone' | 'skipped' | 'abandoned';

/** What has become of one step: a line of the saga's journal, which has one line a step and so cannot grow. */
export interface StepRecord {
  readonly name: string;
  readonly kind: StepKind;
  readonly state: StepState;
  /**
   * The step may have had an effect that its compensation must take back. Set in the write that also sends the command,
   * so there is no moment in which a step may run and nobody knows to undo it.
   */
  readonly armed: boolean;
  /** How often the command was sent. */
  readonly attempts: number;
  readonly sentAt?: Instant;
  readonly answeredAt?: Instant;
  /** The data of the event that says `done`. */
  readonly answer?: Data;
  readonly undo?: { readonly attempts: number; readonly sentAt: Instant; readonly answeredAt?: Instant };
}

export type Direction = 'forward' | 'undo';

/** The one command whose answer counts. */
export interface Awaited {
  readonly step: string;
  readonly direction: Direction;
  /** The same for every attempt, so that any of them may be answered, and late. */
  readonly commandId: string;
  /** How often it was sent, in all. */
  readonly attempts: number;
  /** Attempts before an operator's retry, which do not count against the policy: `attemptsForgiven`. The name is that of the stored JSON. */
  readonly forgiven?: number;
}

export interface AwaitedUntil extends Awaited {
  /** When the command is sent again, or given up. Also tells the timer of this attempt from an older one's. */
  readonly dueAt: Instant;
}

export const OPERATOR_ACTIONS = ['retry', 'skip', 'compensate', 'abandon'] as const;
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number];

/** What an operator did to a saga. Written with what it did, never changed. */
export interface OperationRecord {
  readonly action: OperatorAction;
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  /** Where the saga stood. */
  readonly from: SagaStatus;
  readonly step: string;
  readonly direction: Direction;
  /** The idempotency key of the request, when it had one. */
  readonly key?: string;
}

interface SagaBase {
  readonly id: string;
  /** With `definitionVersion`: the definition it began with and finishes on. */
  readonly name: string;
  readonly definitionVersion: number;
  /** What it is about: the key of the event that started it, and the Kafka key of all its messages. */
  readonly subject: string;
  /** The data of the event that started it. */
  readonly start: Data;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  readonly deadlineAt: Instant;
  /** The deadline passed when there was no way back: it is late, and that is all. */
  readonly deadlinePassedAt?: Instant;
  readonly steps: readonly StepRecord[];
  /** What operators did, oldest first. Absent when nobody had to. Bounded: a step is skipped once, and see {@link RETRIES_MAX}. */
  readonly operations?: readonly OperationRecord[];
}

/** How often a saga may be retried in all: its journal is written with every move. */
export const RETRIES_MAX = 50;

/** On its way forward. */
export interface RunningSaga extends SagaBase {
  readonly status: 'RUNNING';
  readonly awaiting: AwaitedUntil;
}

/** On its way back, or saying that it has come back (`whenUndone`). */
export interface CompensatingSaga extends SagaBase {
  readonly status: 'COMPENSATING';
  readonly awaiting: AwaitedUntil;
  readonly failure: Failure;
}

/** All attempts are spent where there is no way back: parked for an operator. The answer still counts when it comes after all. */
export interface StuckSaga extends SagaBase {
  readonly status: 'STUCK';
  readonly awaiting: Awaited;
  readonly stuckSince: Instant;
  readonly stuckBecause: string;
  /** Present when it got stuck on its way back. */
  readonly failure?: Failure;
}

/** Every step is done. Terminal. */
export interface CompletedSaga extends SagaBase {
  readonly status: 'COMPLETED';
  readonly endedAt: Instant;
}

/** Everything that ran is taken back. Terminal. */
export interface CompensatedSaga extends SagaBase {
  readonly status: 'COMPENSATED';
  readonly endedAt: Instant;
  readonly failure: Failure;
}

/** Given up by an operator, some of its steps `abandoned`. Terminal, and never purged. */
export interface AbandonedSaga extends SagaBase {
  readonly status: 'ABANDONED';
  readonly endedAt: Instant;
  readonly failure?: Failure;
}

/** Waiting for an answer until a timer fires. */
export type WaitingSaga = RunningSaga | CompensatingSaga;
export type LiveSaga = WaitingSaga | StuckSaga;
export type EndedSaga = CompletedSaga | CompensatedSaga | AbandonedSaga;

/** One run of a saga: plain JSON, never mutated. */
export type SagaInstance = LiveSaga | EndedSaga;
export type SagaStatus = SagaInstance['status'];

export const SAGA_STATUSES: readonly SagaStatus[] = [
  'RUNNING',
  'COMPENSATING',
  'STUCK',
  'COMPLETED',
  'COMPENSATED',
  'ABANDONED',
];

export const hasEnded = (saga: SagaInstance): saga is EndedSaga => 'endedAt' in saga;

export const isWaiting = (saga: SagaInstance): saga is WaitingSaga =>
  saga.status === 'RUNNING' || saga.status === 'COMPENSATING';

/** What every status has. What belongs to one status only is left behind when the saga leaves it. */
export type SagaCore = SagaBase;

export const coreOf = (saga: SagaInstance, now: Instant): SagaCore => ({
  id: saga.id,
  name: saga.name,
  definitionVersion: saga.definitionVersion,
  subject: saga.subject,
  start: saga.start,
  startedAt: saga.startedAt,
  updatedAt: now,
  deadlineAt: saga.deadlineAt,
  ...(saga.deadlinePassedAt === undefined ? {} : { deadlinePassedAt: saga.deadlinePassedAt }),
  steps: saga.steps,
  ...(saga.operations && { operations: saga.operations }),
});

/** Present when the saga is on its way back, or has been. */
export const failureOf = (saga: SagaInstance): Failure | undefined => ('failure' in saga ? saga.failure : undefined);

/** The saga with one line of its journal changed. */
export const withRecord = (saga: SagaCore, name: string, change: (record: StepRecord) => StepRecord): SagaCore => ({
  ...saga,
  steps: saga.steps.map((record) => (record.name === name ? change(record) : record)),
});

/** The line of a step that was not sent yet. */
export const pendingRecord = ({ name, kind }: Pick<StepRecord, 'name' | 'kind'>): StepRecord => ({
  name,
  kind,
  state: 'pending',
  armed: false,
  attempts: 0,
});
