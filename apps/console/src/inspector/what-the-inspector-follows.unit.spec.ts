import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSearch } from '../shell/search-text.js';
import { isBeside, selectedIn, sideOf } from './selected.js';

/** Goal: on every page the inspector shows what its address says is selected, and nothing else. Method: addresses, as they stand in the bar. */
const ID = '01a21c15-8f2b-7c3d-9e4f-0123456736f2';
const at = (address: string) => {
  const { pathname, search } = new URL(address, 'http://console');
  return [pathname, parseSearch(search)] as const;
};

describe('what the inspector follows', () => {
  it('it is the selection of the page, by its kind', () => {
    expect(selectedIn(...at(`/?sel=${ID}`))).toEqual({ kind: 'order', id: ID });
    expect(selectedIn(...at(`/orders?status=REJECTED&sel=${ID}`))).toEqual({ kind: 'order', id: ID });
    expect(selectedIn(...at(`/sagas?sel=${ID}`))).toEqual({ kind: 'saga', id: ID });
    expect(selectedIn(...at('/products?sel=mug-blue'))).toEqual({ kind: 'product', sku: 'mug-blue' });
    expect(selectedIn(...at('/contention?window=30s&sel=inventory/Stock/mug-blue'))).toEqual({
      ...{ kind: 'key', sel: 'inventory/Stock/mug-blue' },
    });
    expect(selectedIn(...at('/topics?sel=backstep.payment'))).toEqual({ kind: 'group', id: 'backstep.payment' });
  });

  it('a parked message is told with the list that it is selected in, and without the action that is tried', () => {
    expect(selectedIn(...at(`/parked?service=payment&state=held&sel=${ID}&do=discard`))).toEqual({
      ...{ kind: 'parked', id: ID },
      list: { service: 'payment', state: 'held' },
    });
  });

  it('what is no selection selects nothing, whatever the address says', () => {
    for (const address of [
      '/orders',
      '/orders?sel=7',
      '/contention?sel=mug-blue',
      '/operations',
      '/nowhere',
      '/constructor',
      `/orders/${ID}`,
    ])
      expect(selectedIn(...at(address))).toBeUndefined();
    fc.assert(
      fc.property(fc.webPath(), fc.dictionary(fc.constantFrom('sel', 'do', 'state'), fc.string()), (path, search) => {
        const found = selectedIn(path, search);
        if (found) expect(sideOf(path, search)).toBe('list');
      }),
    );
  });

  it('pages that show a message beside what they draw have that panel as their inspector', () => {
    expect(sideOf(...at('/messages?topic=order.events'))).toBe('own');
    expect(sideOf(...at(`/orders/${ID}`))).toBe('own');
    expect(sideOf(...at(`/orders/${ID}?tab=list`))).toBe('own');
    expect(sideOf(...at(`/orders/${ID}?tab=money`))).toBe('none');
    expect(sideOf(...at('/orders/compare'))).toBe('none');
    expect(sideOf(...at('/lab'))).toBe('none');
  });

  it('a page shows its own panel until somebody wants none, and the inspector beside a list once somebody wants it', () => {
    expect([isBeside('own', 'page'), isBeside('list', 'page')]).toEqual([true, false]);
    expect([isBeside('own', 'on'), isBeside('list', 'on')]).toEqual([true, true]);
    expect([isBeside('own', 'off'), isBeside('list', 'off')]).toEqual([false, false]);
    expect([isBeside('none', 'on'), isBeside('none', 'page')]).toEqual([false, false]);
  });
});
