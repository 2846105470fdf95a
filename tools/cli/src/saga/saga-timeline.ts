import type { Saga, SagaStep } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { since, span } from '../shared/time.js';

/** One command and what became of it. */
interface Exchange {
  readonly sentAt: string | null;
  readonly step: string;
  readonly outcome: string;
  readonly took: string;
  readonly attempts: string;
}

/** What the saga asked, in the order it asked: steps forward, then their compensations. What was never asked comes last. */
export function sagaTimeline(saga: Pick<Saga, 'createdAt' | 'steps'>, paint: Paint = plain): string {
  const exchanges = saga.steps.flatMap((step) => [forward(step), ...undo(step)]);
  const asked = exchanges.filter(({ sentAt }) => sentAt !== null);
  const notAsked = exchanges.filter(({ sentAt }) => sentAt === null);
  // The sort is stable: of two in one millisecond, the earlier step comes first.
  asked.sort((a, b) => Date.parse(a.sentAt ?? '') - Date.parse(b.sentAt ?? ''));
  return table<Exchange>(
    [
      { title: 'At', align: 'right', cell: ({ sentAt }) => (sentAt === null ? '' : since(saga.createdAt, sentAt)) },
      { title: 'Step', cell: ({ step }) => step },
      { title: 'Outcome', cell: ({ outcome }) => paint(colourOf(outcome), outcome) },
      { title: 'Took', align: 'right', cell: ({ took }) => took },
      // Almost always one attempt is enough.
      ...(exchanges.some((exchange) => exchange.attempts !== '')
        ? [{ title: 'Attempts', align: 'right' as const, cell: (one: Exchange) => one.attempts }]
        : []),
    ],
    [...asked, ...notAsked],
    paint,
  );
}

function forward({ name, state, attempts, sentAt, answeredAt, skippedBy }: SagaStep): Exchange {
  const answered =
    skippedBy !== null
      ? skipped(skippedBy)
      : state === 'refused'
        ? 'refused'
        : state === 'abandoned'
          ? 'done, abandoned'
          : 'done';
  const outcome = sentAt === null ? state : answeredAt === null ? unanswered(state) : answered;
  return { sentAt, step: name, outcome, took: tookOf(sentAt, answeredAt), attempts: severalOf(attempts) };
}

/** A step that is being taken back without an answer may have happened: that is why it is taken back. */
const unanswered = (state: string): string =>
  state === 'sent' ? 'waiting' : state === 'abandoned' ? 'abandoned' : 'no answer';

function undo({ name, state, undo }: SagaStep): Exchange[] {
  if (!undo) return [];
  const { attempts, sentAt, answeredAt, skippedBy } = undo;
  const answered = skippedBy === null ? 'undone' : skipped(skippedBy);
  const outcome = answeredAt !== null ? answered : state === 'abandoned' ? 'abandoned' : 'undoing';
  return [{ sentAt, step: `↶ ${name}`, outcome, took: tookOf(sentAt, answeredAt), attempts: severalOf(attempts) }];
}

/** Nobody answered: a person said so. */
const skipped = (by: string): string => `skipped by ${by}`;

const tookOf = (sentAt: string | null, answeredAt: string | null): string =>
  sentAt === null || answeredAt === null ? '' : span(Date.parse(answeredAt) - Date.parse(sentAt));

const severalOf = (attempts: number): string => (attempts > 1 ? String(attempts) : '');

function colourOf(outcome: string) {
  if (outcome === 'done') return 'green';
  if (outcome === 'refused' || outcome.endsWith('abandoned')) return 'red';
  return outcome === 'undone' || outcome.startsWith('skipped by ') ? 'yellow' : 'dim';
}

/** The state in its colour and, of a saga that waits, for what and until when. */
export function sagaState({ state, awaiting, stuckBecause }: Saga, paint: Paint = plain): string {
  const told = paintStatus(paint, state);
  if (stuckBecause !== null) return `${told}: ${stuckBecause}`;
  if (!awaiting) return told;
  const what = awaiting.direction === 'undo' ? `the compensation of ${awaiting.step}` : awaiting.step;
  return `${told}, waiting for ${what}`;
}
