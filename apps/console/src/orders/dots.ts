import type { SagaSummary } from '../api/types.js';

export type DotTone = 'off' | 'running' | 'undo' | 'undone' | 'stuck' | 'done';

/** A step of a saga as a list shows it: glyph, words and colour, of which none stands alone. */
export interface Dot {
  readonly step: string;
  readonly glyph: string;
  readonly tone: DotTone;
  readonly says: string;
}

type StepState = SagaSummary['steps'][number]['state'];

const LOOKS: Readonly<Record<StepState, readonly [glyph: string, tone: DotTone, says: string]>> = {
  pending: ['○', 'off', 'not sent yet'],
  sent: ['◐', 'running', 'sent, not answered yet'],
  done: ['✓', 'done', 'done'],
  refused: ['✕', 'undo', 'refused'],
  undoing: ['↩', 'undo', 'is taken back'],
  undone: ['↺', 'undone', 'taken back'],
  skipped: ['⊘', 'off', 'skipped'],
  abandoned: ['⊘', 'off', 'given up by an operator'],
};
const STUCK = ['⬣', 'stuck', 'stuck: an operator is waited for'] as const;

/** One for each step, in their order. */
export const dotsOf = ({
  steps,
  state: sagaState,
  awaiting,
}: Pick<SagaSummary, 'steps' | 'state' | 'awaiting'>): readonly Dot[] =>
  steps.map(({ name, state }) => {
    const [glyph, tone, says] = sagaState === 'STUCK' && awaiting?.step === name ? STUCK : LOOKS[state];
    return { step: name, glyph, tone, says };
  });

/** All of them as they are spoken. */
export const dotsText = (saga: Pick<SagaSummary, 'type' | 'steps' | 'state' | 'awaiting'>): string =>
  `${saga.type}: ${dotsOf(saga)
    .map(({ step, says }) => `${step} ${says}`)
    .join('; ')}`;

const isLive = ({ state }: SagaSummary): boolean =>
  state === 'RUNNING' || state === 'COMPENSATING' || state === 'STUCK';

/** Of the sagas of one order the one that a row shows: what is under way, or else what began last. */
export function shownSaga(sagas: readonly SagaSummary[]): SagaSummary | undefined {
  const [first, ...others] = sagas;
  if (!first) return undefined;
  const isBefore = (one: SagaSummary, other: SagaSummary): boolean =>
    isLive(one) === isLive(other) ? one.createdAt > other.createdAt : isLive(one);
  return others.reduce((shown, one) => (isBefore(one, shown) ? one : shown), first);
}

export const hasSagaEnded = (saga: SagaSummary): boolean => !isLive(saga);
