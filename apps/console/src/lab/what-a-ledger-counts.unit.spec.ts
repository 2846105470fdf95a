import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ledger, WAITING_MAX } from './ledger.js';

/** Goal: every accepted order is counted once, as waiting, ended or lost, whatever is told of it, how often and in which order. */
const ledgerOf = (...ids: string[]): Ledger => {
  const ledger = new Ledger();
  for (const id of ids) ledger.accept(id, 0);
  return ledger;
};

describe('the ledger of the page', () => {
  it('an accepted order waits until the gateway says that it has ended', () => {
    const ledger = ledgerOf('a', 'b');
    ledger.tell('a', false, 1);
    expect(ledger.balance()).toMatchObject({ accepted: 2, waiting: 2, ended: 0, lost: 0 });
    ledger.tell('a', true, 2);
    ledger.tell('a', true, 3);
    ledger.tell('of-somebody-else', true, 3);
    expect(ledger.balance()).toMatchObject({ accepted: 2, waiting: 1, ended: 1, lost: 0 });
  });

  it('an accepted order that the gateway does not know is lost, until it is told of after all', () => {
    const ledger = ledgerOf('a', 'b');
    ledger.miss('b');
    expect(ledger.balance()).toMatchObject({ waiting: 1, lost: 1, lostIds: ['b'] });
    ledger.tell('b', true, 5);
    expect(ledger.balance()).toMatchObject({ waiting: 1, ended: 1, lost: 0, lostIds: [] });
  });

  it('those are asked for first that were told of longest ago, and none that was told of just now', () => {
    const ledger = ledgerOf('a', 'b', 'c');
    ledger.tell('a', false, 10);
    expect(ledger.toAsk(2, 5)).toEqual(['b', 'c']);
    ledger.tell('b', false, 11);
    expect(ledger.toAsk(9, 5)).toEqual(['c']);
    expect(ledger.toAsk(9, 20)).toEqual(['c', 'a', 'b']);
  });

  it('so many are followed, and no more are to be placed then', () => {
    const ledger = ledgerOf(...Array.from({ length: WAITING_MAX }, (_, n) => String(n)));
    expect(ledger.isFull).toBe(true);
    ledger.tell('0', true, 1);
    expect(ledger.isFull).toBe(false);
  });

  it('accepted is always waiting and ended and lost together', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const told = fc.tuple(id, fc.constantFrom('wait', 'end', 'miss'));
    fc.assert(
      fc.property(fc.array(told), (all) => {
        const ledger = ledgerOf('a', 'b', 'c');
        all.forEach(([of, what], at) => (what === 'miss' ? ledger.miss(of) : ledger.tell(of, what === 'end', at)));
        const { accepted, waiting, ended, lost } = ledger.balance();
        expect(waiting + ended + lost).toBe(accepted);
      }),
    );
  });
});
