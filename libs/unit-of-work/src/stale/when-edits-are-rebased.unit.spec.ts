import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kept, offlineTables, Version, type KeptChange, type Tables } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  one,
  rebase,
  StaleBasisError,
  update,
  type EditHandler,
  type EditRequest,
  type Loaded,
  type Rebased,
  type RebaseRules,
} from '../index.js';
import { InMemoryRows } from '../testing/index.js';

/**
 * Goal: operations on one order from different bases are applied as if they had come one after the other, or refused.
 * Method: the lines of a basket, whose rules depend on what lies between the basis and now.
 */
type Lines = Readonly<Record<string, number>>;
type Op =
  | { readonly op: 'set'; readonly item: string; readonly quantity: number }
  | { readonly op: 'add'; readonly item: string; readonly quantity: number }
  | { readonly op: 'remove'; readonly item: string };

@Entity('basket')
class Basket {
  @PrimaryColumn('text') id!: string;
  @Column('jsonb') lines!: Lines;
  @Column('text') state!: string;
  @Column('text', { nullable: true }) note?: string | null;
  @Kept({ versions: 20 }) changes?: readonly KeptChange[] | null;
  @Version() version!: number;
}

/** One piece too many in the store: the rule that `decide` checks on what is there by then. */
const QUANTITY_MAX = 9;

const rules: RebaseRules<Op> = {
  against(op: Op, other: Op): Rebased<Op> {
    if (op.item !== other.item) return op;
    if (op.op === 'remove') return other.op === 'remove' ? 'dropped' : 'clash';
    if (other.op === 'remove') return 'clash';
    // Both add: the quantity is summed, which the add of a line that is there does.
    return op.op === 'add' && other.op === 'add' ? op : 'clash';
  },
  independentOf: ['state'],
};

interface ReviseBasket extends EditRequest<readonly Op[]> {
  readonly id: string;
}
const needs = ({ id }: ReviseBasket) => ({ basket: one(Basket, id) });

class ReviseBasketHandler implements EditHandler<ReviseBasket, string, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'basket';
  readonly onStale = rebase(rules);

  decide({ edit }: ReviseBasket, { basket }: Loaded<ReviseBasketHandler>) {
    if (!basket) throw new Error('there is no such basket');
    const lines = edit.reduce(applied, basket.lines);
    if (Object.values(lines).some((quantity) => quantity > QUANTITY_MAX)) return { answer: 'too many', changes: [] };
    return { answer: 'revised', changes: edit.length > 0 ? [update(Basket, basket, { lines })] : [] };
  }
}

function applied(lines: Lines, op: Op): Lines {
  const others = Object.fromEntries(Object.entries(lines).filter(([item]) => item !== op.item));
  if (op.op === 'remove') return others;
  return { ...others, [op.item]: op.quantity + (op.op === 'add' ? (lines[op.item] ?? 0) : 0) };
}

const mark = {
  needs: (_: string) => ({ basket: one(Basket, 'b') }),
  decide: (state: string, { basket }: { basket: Basket | undefined }) => {
    if (!basket) throw new Error('there is no basket');
    const change = state === 'noted' ? { note: 'by phone' } : { state };
    return { answer: undefined, changes: [update(Basket, basket, change)] };
  },
};

const THREE = { cup: 1, jar: 2, mug: 3 };
let tables: Tables;
let rows: InMemoryRows;
beforeAll(async () => {
  tables = await offlineTables([Basket]);
});
beforeEach(() => {
  rows = new InMemoryRows(tables);
  rows.put(Basket, { id: 'b', lines: THREE, state: 'OPEN', version: 3 });
});

const revise = (edit: readonly Op[], basis?: number): string =>
  rows.request(new ReviseBasketHandler(), { id: 'b', edit, basis }).answer;
const basket = () => rows.find(Basket, 'b');
const clashing = (act: () => unknown): readonly unknown[] | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof StaleBasisError) return error.stale.clashing;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('operations of one basis', () => {
  it('A sets a line, B adds another: both are there; C removes the line that A has set, and clashes', () => {
    revise([{ op: 'set', item: 'cup', quantity: 2 }], 3);
    revise([{ op: 'add', item: 'pot', quantity: 1 }], 3);
    const remove: Op = { op: 'remove', item: 'cup' };
    expect(clashing(() => revise([remove, { op: 'add', item: 'lid', quantity: 1 }], 3))).toEqual([remove]);
    expect(basket()).toMatchObject({ lines: { cup: 2, jar: 2, mug: 3, pot: 1 }, version: 5 });
  });

  it('an operation is transformed past each one since its basis, not only past the last', () => {
    revise([{ op: 'set', item: 'cup', quantity: 2 }], 3);
    revise([{ op: 'set', item: 'jar', quantity: 5 }], 4);
    revise([{ op: 'set', item: 'mug', quantity: 5 }], 5);
    expect(clashing(() => revise([{ op: 'set', item: 'cup', quantity: 7 }], 3))).toHaveLength(1);
  });

  it('an operation that has become none is dropped, and the others of its edit go on', () => {
    revise([{ op: 'remove', item: 'cup' }], 3);
    expect(
      revise(
        [
          { op: 'remove', item: 'cup' },
          { op: 'add', item: 'pot', quantity: 1 },
        ],
        3,
      ),
    ).toBe('revised');
    expect(revise([{ op: 'remove', item: 'cup' }], 3)).toBe('revised');
    expect(basket()).toMatchObject({ lines: { jar: 2, mug: 3, pot: 1 }, version: 5 });
  });

  it('an operation is logged as it was applied, so that later ones are transformed past that', () => {
    revise([{ op: 'remove', item: 'cup' }], 3);
    revise(
      [
        { op: 'remove', item: 'cup' },
        { op: 'add', item: 'pot', quantity: 1 },
      ],
      3,
    );
    expect(basket()?.changes?.at(-1)?.ops).toEqual([{ op: 'add', item: 'pot', quantity: 1 }]);
  });

  it('the rules are checked on the current row: two that would each fit, and not together, are not both accepted', () => {
    expect(revise([{ op: 'add', item: 'cup', quantity: 5 }], 3)).toBe('revised');
    expect(revise([{ op: 'add', item: 'cup', quantity: 5 }], 3)).toBe('too many');
    expect(basket()).toMatchObject({ lines: { ...THREE, cup: 6 }, version: 4 });
  });

  it('a change without operations is passed over where the rules say that nothing depends on it, and refused elsewhere', () => {
    rows.request(mark, 'PAID');
    revise([{ op: 'add', item: 'pot', quantity: 1 }], 3);
    rows.request(mark, 'noted');
    expect(clashing(() => revise([{ op: 'add', item: 'lid', quantity: 1 }], 3))).toBeUndefined();
  });
});

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

it('1,000 random edits from random bases: the basket is what its accepted operations make of it one after the other, and each clash has a reason', () => {
  const next = random(17);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const seen = { revised: 0, clashes: 0, refused: 0 };
  for (let round = 0; round < 50; round++) {
    rows.put(Basket, { id: 'b', lines: THREE, state: 'OPEN', version: 3, changes: [] });
    let serial: Lines = THREE;
    const accepted: { version: number; ops: readonly Op[] }[] = [];
    for (let edits = 0; edits < 20; edits++) {
      const op = pick<Op['op']>(['set', 'add', 'remove']);
      const item = pick(['cup', 'jar', 'mug', 'pot', 'lid']);
      const mine: Op = op === 'remove' ? { op, item } : { op, item, quantity: 1 + Math.floor(next() * 5) };
      const version = basket()?.version ?? 0;
      const basis = version - Math.floor(next() * Math.min(6, version - 2));
      const since = accepted.filter((edit) => edit.version > basis).flatMap(({ ops }) => ops);
      // These rules leave an operation as it is, so the first that does not decides.
      const verdict = since.map((other) => rules.against(mine, other)).find((rebased) => typeof rebased === 'string');
      if (verdict === 'clash') {
        expect(clashing(() => revise([mine], basis))).toEqual([mine]);
        seen.clashes++;
        continue;
      }
      seen[revise([mine], basis) === 'revised' ? 'revised' : 'refused']++;
      const now = basket();
      if (now && now.version > version) {
        const ops = (now.changes?.at(-1)?.ops ?? []) as Op[];
        serial = ops.reduce(applied, serial);
        accepted.push({ version: now.version, ops });
      }
      expect(basket()?.lines).toEqual(serial);
      expect(Math.max(0, ...Object.values(serial))).toBeLessThanOrEqual(QUANTITY_MAX);
    }
  }
  expect(Math.min(seen.revised, seen.clashes, seen.refused)).toBeGreaterThan(20);
});
