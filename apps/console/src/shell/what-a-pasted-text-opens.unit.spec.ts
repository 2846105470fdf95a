import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Answered, type Kind, KINDS, pastedOf, verdictOf } from './pasted.js';

/** Goal: what is pasted opens what it is, the same whoever answers first, and where it is nothing that is said with how far was looked. Method: texts, and answers made by hand. */
const ID = '01a21c15-0000-7000-8000-0000000036f2';
const answered = (kind: Kind, state: Answered['state'], says = ''): Answered => ({ kind, state, says });
const all = (state: Answered['state'], ...others: readonly Answered[]): readonly Answered[] =>
  KINDS.map((kind) => others.find((one) => one.kind === kind) ?? answered(kind, state));

describe('a text', () => {
  it.each([
    [ID, { id: ID, sku: ID }],
    [` ${ID.toUpperCase()} `, { id: ID, sku: ID.toUpperCase() }],
    [`https://shop.example/orders/${ID}?tab=list`, { id: ID }],
    ['teapot', { sku: 'teapot' }],
    ['mug-blue_2.5', { sku: 'mug-blue_2.5' }],
    ['order.events/1@31', { position: { topic: 'order.events', partition: 1, offset: '31' } }],
    ['a teapot, blue', {}],
    ['', {}],
  ])('%j is read as what its form allows', (text, pasted) => expect(pastedOf(text)).toEqual(pasted));

  it('whatever is typed is read without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(pastedOf(text)).toEqual(expect.any(Object))));
  });
});

describe('what is opened', () => {
  it.each(['order', 'saga', 'parked message', 'product'] as const)(
    'a %s is opened as soon as it is found, while others are still asked',
    (kind) => expect(verdictOf(all('asked', answered(kind, 'found'))).first).toBe(kind),
  );

  it('a message is opened once nothing else has its id: a parked message is a message too', () => {
    const found = answered('message', 'found');
    expect(verdictOf(all('absent', found, answered('parked message', 'asked'))).first).toBeUndefined();
    expect(verdictOf(all('absent', found, answered('parked message', 'found'))).first).toBe('parked message');
    expect(verdictOf(all('absent', found)).first).toBe('message');
    expect(verdictOf(all('unknown', found)).first).toBe('message');
  });

  it('in whatever order they answer, the same is opened in the end', () => {
    const states = fc.constantFrom<Answered['state']>('found', 'absent', 'unknown');
    const outcome = fc.tuple(...KINDS.map((kind) => states.map((state) => answered(kind, state))));
    fc.assert(
      fc.property(
        outcome.chain((answers) => fc.tuple(fc.constant(answers), fc.shuffledSubarray([...KINDS]))),
        ([answers, earlier]) => {
          const before = answers.map((one) => (earlier.includes(one.kind) ? one : answered(one.kind, 'asked')));
          const [early, late] = [verdictOf(before), verdictOf(answers)];
          // Several kinds with one id are made up here: an earlier answer stands only where it is the only one.
          const found = answers.filter(({ kind, state }) => state === 'found' && kind !== 'message');
          if (early.first !== undefined && found.length === 1) expect(late.first).toBe(early.first);
          expect(late.first === undefined).toBe(answers.every(({ state }) => state !== 'found'));
        },
      ),
    );
  });
});

describe('what is said where there is nothing', () => {
  it('nothing is said while somebody is still asked', () => {
    expect(verdictOf(all('absent', answered('message', 'asked'))).nothing).toBeUndefined();
  });

  it('how far was looked for the message is said', () => {
    const { nothing } = verdictOf(all('absent', answered('message', 'absent', 'among the newest 20,000 of 81,112')));
    expect(nothing).toBe(
      'There is no such order, saga, parked message, product or message (among the newest 20,000 of 81,112).',
    );
  });

  it('whoever did not answer may have it', () => {
    const away = answered('saga', 'unknown', 'The orchestrator does not answer');
    expect(verdictOf([answered('order', 'absent'), away]).nothing).toBe(
      'There is no such order. Not known, as nobody answered: saga (The orchestrator does not answer).',
    );
  });

  it('where nobody was asked nothing is said', () => expect(verdictOf([]).nothing).toBeUndefined());
});
