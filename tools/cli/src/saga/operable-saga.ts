import type { Saga, SagaSummary } from '../shared/representations.js';

export const ACTIONS = ['retry', 'skip', 'compensate', 'abandon'] as const;
export type Action = (typeof ACTIONS)[number];

/** What an operator did to a saga. */
export interface DoneByOperator {
  readonly action: string;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  readonly from: string;
  readonly step: string;
  readonly direction: string;
}

/** Why nothing can move it; null for a saga whose definition is deployed. */
export interface Blockable {
  readonly blockedBecause: string | null;
}

/** A saga with what an operator can do, and did. */
export interface OperableSaga extends Saga, Blockable {
  readonly legalActions: readonly string[];
  readonly operations: readonly DoneByOperator[];
}

export type ListedSaga = SagaSummary & Partial<Blockable>;

/** What the gateway answers to an action, or to its dry run. */
export interface OperationAnswer {
  readonly action: string;
  readonly dryRun: boolean;
  readonly transition: { readonly from: string; readonly to: string };
  readonly commands: readonly SentCommand[];
  readonly saga: OperableSaga;
}

export interface SentCommand {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly commandId: string;
  readonly data: Readonly<Record<string, unknown>>;
}
