import type { Failure } from '../definition/failure.js';
import type { StepKind } from '../definition/steps.js';

/** JSON, as a message carries it. */
export type Data = Readonly<Record<string, unknown>>;

/** Milliseconds since the epoch. */
export type Instant = number;

/**
 * `pending` → `sent` → `done` | `refused`; compensated: `sent` | `done` → `undoing` → `undone`;
 * `skipped`: the saga turned back before it sent the step; `abandoned`: the step may have had its effect, and an operator has given up its
 * compensation.
 */
export type StepState = 'pending' | 'sent' | 'done' | 'refused' | 'undoing' | 'undone' | 'skipped' | 'abandoned';

/** The state of one step: a line of the saga's journal, which has one line a step and so cannot grow. */
export interface StepRecord {
  readonly name: string;
  readonly kind: StepKind;
  readonly state: StepState;
  /**
   * The step may have had an effect that its compensation must undo. Set in the write that also sends the command, so there is no moment in
   * which a step may run and nobody knows to undo it.
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

/** `forward`: the step itself. `undo`: its compensation. */
export type Direction = 'forward' | 'undo';

/** The one command whose answer counts. */
export interface Awaited {
  readonly step: string;
  readonly direction: Direction;
  /** The same for every attempt, so that an answer to any of them counts, also a late one. */
  readonly commandId: string;
  /** How often the command was sent in all. */
  readonly attempts: number;
  /** Attempts before an operator's retry, which do not count against the policy: `attemptsForgiven`. The name is that of the stored JSON. */
  readonly forgiven?: number;
}

/** An awaited command with a timer. */
export interface AwaitedUntil extends Awaited {
  /** When the command is sent again, or given up. Also tells the timer of this attempt from an older one's. */
  readonly dueAt: Instant;
}

/** What an operator may do to a saga: see {@link operate}. */
export const OPERATOR_ACTIONS = ['retry', 'skip', 'compensate', 'abandon'] as const;
/** One of {@link OPERATOR_ACTIONS}. */
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number];

/** An operator's action on a saga. Written in the commit of its effects, never changed. */
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
  /** Where the saga stood then. Absent, like the ids, from what was done before they were kept. */
  readonly to?: SagaStatus;
  /** The ids of the messages that carry its commands: those that its dry run showed. */
  readonly commandIds?: readonly string[];
  /** By which the logs know the request. */
  readonly requestId?: string;
}

interface SagaBase {
  readonly id: string;
  /** With `definitionVersion`: the definition that the saga began with and finishes on. */
  readonly name: string;
  readonly definitionVersion: number;
  /** What the saga is about: the key of the event that started it, and the Kafka key of all its messages. */
  readonly subject: string;
  /** The data of the event that started the saga. */
  readonly start: Data;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  readonly deadlineAt: Instant;
  /** When the deadline passed, if the saga could not turn back then. Nothing follows from it. */
  readonly deadlinePassedAt?: Instant;
  readonly steps: readonly StepRecord[];
  /** What operators did, oldest first; absent when they did nothing. Bounded: one skip a step, {@link RETRIES_MAX} retries. */
  readonly operations?: readonly OperationRecord[];
}

/** How often a saga may be retried in all. Bounded because the journal is written with every move. */
export const RETRIES_MAX = 50;

/** On its way forward. */
export interface RunningSaga extends SagaBase {
  readonly status: 'RUNNING';
  readonly awaiting: AwaitedUntil;
}

/** On its way back, or waiting for the answer to `whenUndone`. */
export interface CompensatingSaga extends SagaBase {
  readonly status: 'COMPENSATING';
  readonly awaiting: AwaitedUntil;
  readonly failure: Failure;
}

/** All attempts are spent and the saga cannot turn back: it waits for an operator. A late answer still counts. */
export interface StuckSaga extends SagaBase {
  readonly status: 'STUCK';
  readonly awaiting: Awaited;
  readonly stuckSince: Instant;
  readonly stuckBecause: string;
  /** Present when the saga got stuck on its way back. */
  readonly failure?: Failure;
}

/** Every step is done. Terminal. */
export interface CompletedSaga extends SagaBase {
  readonly status: 'COMPLETED';
  readonly endedAt: Instant;
}

/** Every step that may have happened is undone. Terminal. */
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
/** An answer, a timer or an operator moves it. */
export type LiveSaga = WaitingSaga | StuckSaga;
/** Nothing moves it any more. */
export type EndedSaga = CompletedSaga | CompensatedSaga | AbandonedSaga;

/** One run of a saga: plain JSON, never mutated. */
export type SagaInstance = LiveSaga | EndedSaga;
/** Where a saga stands: see {@link SagaInstance}. */
export type SagaStatus = SagaInstance['status'];

/** Every status, the live ones first. */
export const SAGA_STATUSES: readonly SagaStatus[] = [
  'RUNNING',
  'COMPENSATING',
  'STUCK',
  'COMPLETED',
  'COMPENSATED',
  'ABANDONED',
];

/** Whether nothing moves the saga any more. */
export const hasEnded = (saga: SagaInstance): saga is EndedSaga => 'endedAt' in saga;

export const isWaiting = (saga: SagaInstance): saga is WaitingSaga =>
  saga.status === 'RUNNING' || saga.status === 'COMPENSATING';

/** The fields of every status. The fields of one status are dropped when the saga leaves that status. */
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

/** Why the saga turned back; undefined when it did not. */
export const failureOf = (saga: SagaInstance): Failure | undefined => ('failure' in saga ? saga.failure : undefined);

/** The saga with one line of its journal changed. */
export const withRecord = (saga: SagaCore, name: string, change: (record: StepRecord) => StepRecord): SagaCore => ({
  ...saga,
  steps: saga.steps.map((record) => (record.name === name ? change(record) : record)),
});

/** The journal line of a step that was not sent yet. */
export const pendingRecord = ({ name, kind }: Pick<StepRecord, 'name' | 'kind'>): StepRecord => ({
  name,
  kind,
  state: 'pending',
  armed: false,
  attempts: 0,
});
