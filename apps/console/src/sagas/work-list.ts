import type { SagaSummary } from '../api/types.js';

export interface WorkList {
  /** Nothing but an operator moves them: the longest waiting first. */
  readonly waiting: readonly SagaSummary[];
  /** The others, newest first, as far as they were read. */
  readonly others: readonly SagaSummary[];
  /** Newer than the list: they wait behind a button, so that no row moves under a finger. */
  readonly newer: number;
}

export const waitsForOperator = ({ state, blockedBecause }: SagaSummary): boolean =>
  state === 'STUCK' || blockedBecause !== null;

/**
 * Sagas as a list of work. Each is there once, in the newest version that is known, whichever request brought it.
 * @param waiting those that wait for an operator, as they were asked for last
 * @param pages the list as it was read, newest first
 * @param newest the latest first page of the list
 */
export function workList(
  waiting: readonly SagaSummary[],
  pages: readonly (readonly SagaSummary[])[],
  newest: readonly SagaSummary[],
): WorkList {
  const known = new Map<string, SagaSummary>();
  for (const saga of [...pages.flat(), ...waiting, ...newest]) {
    const other = known.get(saga.id);
    if (!other || saga.version > other.version) known.set(saga.id, saga);
  }
  const latest = (sagas: readonly SagaSummary[]): SagaSummary[] => {
    const ids = new Set(sagas.map(({ id }) => id));
    return [...ids].flatMap((id) => known.get(id) ?? []);
  };
  const listed = pages.flat();
  const works = latest([...waiting, ...listed]).filter(waitsForOperator);
  const seen = new Set([...listed, ...works].map(({ id }) => id));
  const [first] = listed;
  const isNewer = ({ id, createdAt }: SagaSummary): boolean =>
    !seen.has(id) && (first === undefined || createdAt >= first.createdAt);
  return {
    waiting: works.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.id.localeCompare(b.id)),
    others: latest(listed).filter((saga) => !waitsForOperator(saga)),
    newer: newest.filter(isNewer).length,
  };
}

/** Why it is where it is, in the words of the orchestrator. */
export const causeOf = ({ blockedBecause, stuckBecause, failure }: SagaSummary): string =>
  blockedBecause ?? stuckBecause ?? failure?.code ?? '';

/** What it waits for, such as `charge-payment, undone`. */
export function awaitedBy({ awaiting }: Pick<SagaSummary, 'awaiting'>): string {
  if (!awaiting) return '';
  return awaiting.direction === 'undo' ? `compensation of ${awaiting.step}` : awaiting.step;
}
