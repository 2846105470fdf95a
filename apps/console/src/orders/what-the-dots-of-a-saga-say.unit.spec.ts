import { describe, expect, it } from '@jest/globals';
import type { SagaSummary } from '../api/types.js';
import { dotsOf, dotsText, shownSaga } from './dots.js';

/** Goal: a row shows each step of an order's saga, and what became of it, by glyph, word and colour. Method: sagas as lists have them. */
type State = SagaSummary['steps'][number]['state'];
const saga = (states: readonly State[], changes: Partial<SagaSummary> = {}): SagaSummary =>
  ({
    ...{ id: 's', type: 'place-order', state: 'RUNNING', createdAt: '2030-01-01T12:00:00.000Z', awaiting: null },
    steps: states.map((state, at) => ({ name: `step-${at + 1}`, kind: 'compensatable', state })),
    ...changes,
  }) as SagaSummary;
const glyphs = (one: SagaSummary): string =>
  dotsOf(one)
    .map(({ glyph }) => glyph)
    .join('');

describe('the dots of a saga', () => {
  it('there is one for each step, in their order', () => {
    expect(glyphs(saga(['done', 'done', 'sent', 'pending']))).toBe('✓✓◐○');
    expect(glyphs(saga(['undone', 'undoing', 'refused', 'skipped', 'pending'], { state: 'COMPENSATING' }))).toBe(
      '↺↩✕⊘○',
    );
  });

  it('states that share a glyph or a colour differ in their words, and no two look the same', () => {
    const states: readonly State[] = [
      'pending',
      'sent',
      'done',
      'refused',
      'undoing',
      'undone',
      'skipped',
      'abandoned',
    ];
    const dots = dotsOf(saga(states));
    expect(new Set(dots.map(({ says }) => says)).size).toBe(states.length);
    expect(new Set(dots.map(({ glyph, says }) => glyph + says)).size).toBe(states.length);
    expect(dots.every(({ glyph, says }) => glyph !== '' && says !== '')).toBe(true);
  });

  it('the step at which a saga is stuck is seen, on the way forward and back', () => {
    const awaiting = { step: 'step-2' } as SagaSummary['awaiting'];
    const stuck = saga(['done', 'undoing', 'refused'], { state: 'STUCK', awaiting });
    expect(dotsOf(stuck).map(({ glyph, tone }) => [glyph, tone])).toEqual([
      ['✓', 'done'],
      ['⬣', 'stuck'],
      ['✕', 'undo'],
    ]);
    expect(glyphs(saga(['done', 'sent'], { awaiting }))).toBe('✓◐');
  });

  it('they are spoken as one sentence', () => {
    expect(dotsText(saga(['done', 'sent']))).toBe('place-order: step-1 done; step-2 sent, not answered yet');
  });
});

describe('the saga of an order that a row shows', () => {
  const at = (second: number, changes: Partial<SagaSummary> = {}) =>
    saga([], { createdAt: `2030-01-01T12:00:0${second}.000Z`, state: 'COMPLETED', ...changes });

  it('what is under way is shown, or else what began last, in whatever order they come', () => {
    const [placed, cancelled, stuck] = [at(1), at(5, { type: 'cancel-order' }), at(3, { state: 'STUCK' })];
    for (const all of [
      [placed, cancelled, stuck],
      [stuck, cancelled, placed],
      [cancelled, stuck, placed],
    ])
      expect(shownSaga(all)).toBe(stuck);
    expect(shownSaga([placed, cancelled])).toBe(cancelled);
    expect(shownSaga([cancelled, placed])).toBe(cancelled);
    expect(shownSaga([])).toBeUndefined();
  });
});
