import { Version } from '@backstep/concurrency';
import { PROBLEMS } from '@backstep/problems';
import {
  askUser,
  one,
  StaleBasisError,
  update,
  type LoadedNeeds,
  type EditHandler,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  ANSWER_MAX_CHARS,
  AnswerTooLargeError,
  IdempotencyKey,
  IdempotencyKeyError,
  idempotent,
  KEY_MAX_CHARS,
  keyed,
  requestHash,
} from './index.js';

/**
 * Goal: one key has one effect and one answer; what had no effect is decided again.
 * Method: a jar of cookies from which a handler takes some, as often as it is asked to, with and without keys.
 */
@Entity('jar')
class Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') cookies!: number;
  @Version() version!: number;
}

interface Take {
  readonly jar: string;
  readonly cookies: number;
  readonly note?: string;
}
const needs = ({ jar }: Take) => ({ jar: one(Jar, jar) });
class TakeHandler implements RequestHandler<Take, { left: number; note: string }, ReturnType<typeof needs>> {
  readonly needs = needs;
  decide({ cookies, note = '' }: Take, { jar }: LoadedNeeds<ReturnType<typeof needs>>) {
    if (!jar) throw new Error('there is no jar');
    const left = jar.cookies - cookies;
    if (left < 0) return { answer: { left: jar.cookies, note }, changes: [] };
    return { answer: { left, note }, changes: [update(Jar, jar, { cookies: left })] };
  }
}
const take = idempotent(new TakeHandler(), { operation: 'take' });
const takeAway = idempotent(new TakeHandler(), { operation: 'takeAway' });
const takeUnnamed = idempotent(new TakeHandler(), { operation: undefined });

const NOON = Date.UTC(2030, 0, 1, 12);
let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Jar, IdempotencyKey], () => NOON);
  rows.put(Jar, { id: 'tin', cookies: 10 });
});

const ask = (key: string | undefined, cookies: number, handler = take, sent: Take = { jar: 'tin', cookies }) =>
  rows.request(handler, keyed(key, sent, sent)).answer;
const cookies = () => rows.find(Jar, 'tin')?.cookies;

describe('a key', () => {
  it('a key that comes again with the same request gets the stored answer, and nothing changes', () => {
    expect(ask('a', 3)).toEqual({ answer: { left: 7, note: '' }, replayed: false });
    ask('b', 1);
    expect(ask('a', 3)).toEqual({ answer: { left: 7, note: '' }, replayed: true });
    expect(cookies()).toBe(6);
  });

  it('a key that comes again with another request is refused, and nothing changes', () => {
    ask('a', 3);
    expect(() => ask('a', 4)).toThrow(expect.objectContaining({ problem: PROBLEMS.idempotencyKeyReused }));
    expect(cookies()).toBe(7);
  });

  it('a key is one of its operation: the same key of two operations has two effects', () => {
    ask('a', 3);
    expect(ask('a', 3, takeAway)).toMatchObject({ replayed: false });
    expect(ask('a', 3, takeUnnamed)).toMatchObject({ replayed: false });
    expect(cookies()).toBe(1);
    expect(rows.all(IdempotencyKey).map(({ key }) => key)).toEqual(['take\ta', 'takeAway\ta', 'a']);
  });

  it('a request without a key takes effect each time, and needs no row of a key', () => {
    ask(undefined, 3);
    expect(ask(undefined, 3)).toEqual({ answer: { left: 4, note: '' }, replayed: false });
    expect(rows.all(IdempotencyKey)).toEqual([]);
    expect(Object.keys(take.needs(keyed(undefined, {}, { jar: 'tin', cookies: 1 })))).toEqual(['jar']);
  });

  it('a key is stored with its hash, its answer and the time of the decision', () => {
    ask('a', 3);
    expect(rows.all(IdempotencyKey)).toEqual([
      {
        key: 'take\ta',
        requestHash: requestHash({ cookies: 3, jar: 'tin' }),
        response: { left: 7, note: '' },
        createdAt: new Date(NOON),
        version: 1,
      },
    ]);
  });

  it.each([
    ['empty', ''],
    ['longer than the bound', 'k'.repeat(KEY_MAX_CHARS + 1)],
    ['with a tab, by which it would name another operation', 'take\ta'],
  ])('a key is refused before anything is read when it is %s', (_, key) => {
    expect(() => ask(key, 1)).toThrow(IdempotencyKeyError);
  });

  it('a key of the greatest length is taken', () => {
    expect(ask('k'.repeat(KEY_MAX_CHARS), 1)).toMatchObject({ replayed: false });
  });
});

describe('what had no effect', () => {
  it('a decision that changes nothing is not stored: it is decided again when the reason has passed', () => {
    expect(ask('a', 11)).toEqual({ answer: { left: 10, note: '' }, replayed: false });
    expect(rows.all(IdempotencyKey)).toEqual([]);
    rows.put(Jar, { id: 'tin', cookies: 20, version: 2 });
    expect(ask('a', 11)).toEqual({ answer: { left: 9, note: '' }, replayed: false });
    expect(ask('a', 11)).toMatchObject({ replayed: true });
  });

  it('a decision that throws is not stored: it is decided again when the reason has passed', () => {
    const request: Take = { jar: 'glass', cookies: 1 };
    expect(() => ask('a', 1, take, request)).toThrow('there is no jar');
    rows.put(Jar, { id: 'glass', cookies: 1 });
    expect(ask('a', 1, take, request)).toMatchObject({ answer: { left: 0 }, replayed: false });
  });

  it('an answer above the bound is refused with its changes, so that no row grows without a bound', () => {
    const around = JSON.stringify({ left: 9, note: '' }).length;
    const noted = (chars: number): Take => ({ jar: 'tin', cookies: 1, note: 'n'.repeat(chars - around) });
    expect(() => ask('a', 1, take, noted(ANSWER_MAX_CHARS + 1))).toThrow(AnswerTooLargeError);
    expect(cookies()).toBe(10);
    expect(ask('a', 1, take, noted(ANSWER_MAX_CHARS))).toMatchObject({ replayed: false });
  });
});

describe('an edit with a policy', () => {
  interface Recount {
    readonly id: string;
    readonly basis: number;
    readonly edit: { readonly cookies: number };
  }
  const needsJar = ({ id }: Recount) => ({ jar: one(Jar, id) });
  const recount: EditHandler<Recount, { version: number }, ReturnType<typeof needsJar>> = {
    needs: needsJar,
    edits: 'jar',
    onStale: askUser(),
    decide({ edit }, { jar }) {
      if (!jar) throw new Error('there is no jar');
      return { answer: { version: jar.version + 1 }, changes: [update(Jar, jar, edit)] };
    },
  };
  const recountOnce = idempotent(recount, { operation: 'recount' });
  const edit = (key: string, basis: number, count: number) => {
    const sent = { id: 'tin', basis, edit: { cookies: count } };
    return rows.request(recountOnce, keyed(key, sent, sent)).answer;
  };

  it('an edit with a policy that comes again gets its first answer, although its basis is stale by now', () => {
    expect(edit('a', 1, 5)).toEqual({ answer: { version: 2 }, replayed: false });
    expect(edit('b', 2, 6)).toMatchObject({ replayed: false });
    expect(edit('a', 1, 5)).toEqual({ answer: { version: 2 }, replayed: true });
  });

  it('an edit whose basis is stale is refused by its policy, and its key may come with the basis of now', () => {
    edit('a', 1, 5);
    expect(() => edit('b', 1, 6)).toThrow(StaleBasisError);
    expect(edit('b', 2, 6)).toEqual({ answer: { version: 3 }, replayed: false });
  });
});

it('a handler that has a need idempotencyKey of its own is refused, since one of the two would be lost', () => {
  const other = idempotent(
    { needs: (id: string) => ({ idempotencyKey: one(Jar, id) }), decide: () => ({ answer: {}, changes: [] }) },
    { operation: 'other' },
  );
  expect(() => other.needs(keyed('a', '', 'tin'))).toThrow('the need idempotencyKey is taken');
});
