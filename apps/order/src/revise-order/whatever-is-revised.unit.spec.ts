import type { PricedItem } from '@backstep/contracts';
import type { LineOperation } from '@backstep/contracts/http';
import { ProblemError } from '@backstep/problems';
import { StaleBasisError } from '@backstep/unit-of-work';
import { expect, it } from '@jest/globals';
import { anOrderToRevise } from './revisions.fixture.spec.js';

/**
 * Goal: whatever is asked of an order by whom, and from whatever version, its lines are what the applied revisions make of it one after the
 * other, and its total is that of its lines.
 * Method: 1,000 random revisions, some of which are rejected in the end. What must come of each is worked out from the operations alone,
 * without log, versions and rebase.
 */
const SKUS = ['cup', 'jar', 'mug', 'pot', 'lid'];
const ROUNDS = 50;
const EDITS = 20;

it('1,000 random revisions from random bases: the order is what the applied ones make of it, and each refusal has its reason', async () => {
  const next = random(18);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const seen = { applied: 0, rejected: 0, clashed: 0, refused: 0, unchanged: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const shop = await anOrderToRevise();
    const items = (): readonly PricedItem[] => shop.order()?.items ?? [];
    const version = (): number => shop.order()?.version ?? 0;
    const applied: { readonly version: number; readonly ops: readonly LineOperation[] }[] = [];
    for (let edits = 0; edits < EDITS; edits++) {
      const skus = SKUS.filter(() => next() < 0.4);
      const mine = (skus.length > 0 ? skus : [pick(SKUS)]).map((sku) => drawn(sku, next));
      const basis = pick(Array.from({ length: version() - 2 }, (_, at) => at + 3));
      const since = applied.filter((edit) => edit.version > basis).flatMap(({ ops }) => ops);
      const clashes = mine.filter((op) => unseen(op, since) === 'clashes');
      const left = mine.filter((op) => unseen(op, since) === 'holds');
      const before = items();
      try {
        const { outcome } = shop.revise({ lines: mine }, basis);
        expect(clashes).toEqual([]);
        if (outcome === 'unchanged') {
          expect(bySku(left.reduce(operated, before))).toEqual(bySku(before));
          seen.unchanged++;
          continue;
        }
        if (next() < 0.25) {
          shop.reject();
          expect(items()).toEqual(before);
          seen.rejected++;
        } else {
          shop.apply();
          applied.push({ version: version(), ops: left });
          expect(bySku(items())).toEqual(bySku(left.reduce(operated, before)));
          seen.applied++;
        }
      } catch (error) {
        if (error instanceof StaleBasisError) {
          expect(error.stale.clashing).toEqual(clashes);
          seen.clashed++;
        } else if (error instanceof ProblemError) {
          expect(cannotBe(left, before)).toBe(true);
          seen.refused++;
        } else throw error;
        expect(items()).toEqual(before);
      }
      const total = items().reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
      expect(shop.order()).toMatchObject({ status: 'CONFIRMED', total });
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
});

const drawn = (sku: string, next: () => number): LineOperation => {
  const op = (['setQuantity', 'addLine', 'removeLine'] as const)[Math.floor(next() * 3)] ?? 'addLine';
  return op === 'removeLine' ? { op, sku } : { op, sku, quantity: 1 + Math.floor(next() * 5) };
};

/** Who sets or removes a line must have seen what others did to it; two removals agree; to add needs no look. */
function unseen(op: LineOperation, since: readonly LineOperation[]): 'holds' | 'clashes' | 'is done' {
  const first = since.find(({ sku }) => sku === op.sku);
  if (op.op === 'addLine' || first === undefined) return 'holds';
  return op.op === 'removeLine' && first.op === 'removeLine' ? 'is done' : 'clashes';
}

const quantityIn = (lines: readonly PricedItem[], sku: string): number =>
  lines.find((line) => line.sku === sku)?.quantity ?? 0;

function operated(lines: readonly PricedItem[], op: LineOperation): readonly PricedItem[] {
  const others = lines.filter(({ sku }) => sku !== op.sku);
  if (op.op === 'removeLine') return others;
  const quantity = op.quantity + (op.op === 'addLine' ? quantityIn(lines, op.sku) : 0);
  return [...others, { sku: op.sku, quantity, unitPrice: 0 }];
}

const bySku = (lines: readonly PricedItem[]): Record<string, number> =>
  Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity]).sort());

const cannotBe = (ops: readonly LineOperation[], lines: readonly PricedItem[]): boolean =>
  ops.some(({ op, sku }) => op !== 'addLine' && quantityIn(lines, sku) === 0) ||
  ops.reduce(operated, lines).length === 0;

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
