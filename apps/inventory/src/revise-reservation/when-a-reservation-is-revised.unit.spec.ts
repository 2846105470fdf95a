import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReserveStock, RestoreReservation, ReviseReservation, SettleReservation } from '@backstep/contracts';
import { newId, type DataOf, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { ContradictoryCommandError } from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { ReservationRevision } from '../reservation/reservation-revision.entity.js';
import { Reservation } from '../reservation/reservation.entity.js';
import { ReserveStockHandler } from '../reserve-stock/reserve-stock.handler.js';
import { Stock } from '../stock/stock.entity.js';
import { RestoreReservationHandler } from './restore-reservation.handler.js';
import { ReviseReservationHandler } from './revise-reservation.handler.js';
import { SettleReservationHandler } from './settle-reservation.handler.js';

/**
 * Goal: a revision holds the old lines and the new ones until it is settled or taken back; its answers are those of the first time; what is
 * reserved is what the reservations hold, whatever comes when.
 */
type Items = DataOf<typeof ReviseReservation>['from'];
const lines = (...items: [sku: string, quantity: number][]): Items =>
  items.map(([sku, quantity]) => ({ sku, quantity }));
const FROM = lines(['cup', 2], ['pot', 1]);
const TO = lines(['cup', 5], ['jar', 1]);

let rows: InMemoryRows;
let orderId: string;
let revisionId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Stock, Reservation, ReservationRevision]);
  [orderId, revisionId] = [newId(), newId()];
  rows.put(Stock, { sku: 'cup', onHand: 10, reserved: 0 });
  rows.put(Stock, { sku: 'pot', onHand: 2, reserved: 0 });
  rows.put(Stock, { sku: 'jar', onHand: 1, reserved: 0 });
  rows.handle(new ReserveStockHandler(), aMessage(ReserveStock, { orderId, items: FROM }));
});

const told = ([event, ...others]: Message[]): Message => {
  expect(others).toEqual([]);
  if (!event) throw new Error('nothing was said');
  return event;
};
const data = (changes: Partial<DataOf<typeof ReviseReservation>> = {}) => ({
  orderId,
  revisionId,
  from: FROM,
  to: TO,
  ...changes,
});
type Changes = Parameters<typeof data>[0];
const revise = (changes?: Changes) =>
  told(rows.handle(new ReviseReservationHandler(), aMessage(ReviseReservation, data(changes))));
const restore = (changes?: Changes) =>
  told(rows.handle(new RestoreReservationHandler(), aMessage(RestoreReservation, data(changes))));
const settle = (changes?: Changes) =>
  told(rows.handle(new SettleReservationHandler(), aMessage(SettleReservation, data(changes))));
const reserved = () => Object.fromEntries(rows.all(Stock).map((stock) => [stock.sku, stock.reserved]));
const held = () => rows.find(Reservation, orderId)?.items;
const everything = () => [rows.all(Stock), rows.all(Reservation), rows.all(ReservationRevision)];

describe('a revision that can be had', () => {
  it('a revision holds what the old lines need and what the new ones need, until it is settled', () => {
    expect(revise()).toMatchObject({ type: 'ReservationRevised', aggregateVersion: 2, data: { orderId, revisionId } });
    expect(reserved()).toEqual({ cup: 5, pot: 1, jar: 1 });
    expect(settle()).toMatchObject({ type: 'ReservationSettled', aggregateVersion: 3, data: { orderId, revisionId } });
    expect(reserved()).toEqual({ cup: 5, pot: 0, jar: 1 });
    expect(held()).toEqual(TO);
  });

  it('a revision of the address alone leaves the stock as it is', () => {
    revise({ to: FROM });
    settle({ to: FROM });
    expect([reserved(), held()]).toEqual([{ cup: 2, pot: 1, jar: 0 }, FROM]);
  });

  it('a repeated revision is answered again, also after it is settled, and nothing more is reserved', () => {
    revise();
    const before = everything();
    expect(revise().type).toBe('ReservationRevised');
    expect(everything()).toEqual(before);
    settle();
    const after = everything();
    expect([revise().type, settle().type]).toEqual(['ReservationRevised', 'ReservationSettled']);
    expect(everything()).toEqual(after);
  });

  it('a late repetition of a revision does not disturb the next one, which takes it back', () => {
    revise({ to: lines(['cup', 3], ['pot', 1]) });
    settle({ to: lines(['cup', 3], ['pot', 1]) });
    const next = { revisionId: newId(), from: lines(['cup', 3], ['pot', 1]), to: FROM };
    revise(next);
    settle(next);
    const before = everything();
    revise({ to: lines(['cup', 3], ['pot', 1]) });
    settle({ to: lines(['cup', 3], ['pot', 1]) });
    expect(everything()).toEqual(before);
  });
});

describe('a revision that is short', () => {
  it('a revision that is short is refused with what is missing beside the old lines, and nothing changes', () => {
    const before = [rows.all(Stock), rows.all(Reservation)];
    expect(revise({ to: lines(['cup', 11], ['jar', 2]) })).toMatchObject({
      type: 'RevisionRejected',
      data: {
        reason: 'out_of_stock',
        short: [
          { sku: 'cup', requested: 9, available: 8 },
          { sku: 'jar', requested: 2, available: 1 },
        ],
      },
    });
    expect([rows.all(Stock), rows.all(Reservation)]).toEqual(before);
  });

  it('a refused revision stays refused when its command is repeated, even if goods have come in since', () => {
    const to = lines(['jar', 2]);
    const first = revise({ to });
    rows.put(Stock, { sku: 'jar', onHand: 100, reserved: 0 });
    expect(revise({ to }).data).toEqual(first.data);
    expect(restore({ to }).type).toBe('ReservationRestored');
    expect(reserved()).toEqual({ cup: 2, pot: 1, jar: 0 });
  });
});

describe('a revision that is taken back', () => {
  it('a revision that is taken back leaves the old lines, once', () => {
    revise();
    expect(restore()).toMatchObject({ type: 'ReservationRestored', aggregateVersion: 3 });
    expect([reserved(), held()]).toEqual([{ cup: 2, pot: 1, jar: 0 }, FROM]);
    const before = everything();
    expect(restore().type).toBe('ReservationRestored');
    expect(everything()).toEqual(before);
  });

  it('a compensation that comes first, or alone, is kept, and the late revision is refused', () => {
    expect(restore()).toMatchObject({ type: 'ReservationRestored' });
    expect(revise()).toMatchObject({ type: 'RevisionRejected', data: { reason: 'restored_first', short: [] } });
    expect([reserved(), held()]).toEqual([{ cup: 2, pot: 1, jar: 0 }, FROM]);
  });

  it('an order can be revised again after a revision was taken back', () => {
    revise();
    restore();
    const again = { revisionId: newId() };
    revise(again);
    settle(again);
    expect([reserved(), held()]).toEqual([{ cup: 5, pot: 0, jar: 1 }, TO]);
  });
});

describe('an order whose goods leave the house', () => {
  /** The carrier has these lines: they are neither on hand nor reserved any more. */
  const shipped = (left: Items): void => {
    const reservation = rows.find(Reservation, orderId);
    const rest = new Map(reservation?.items.map(({ sku, quantity }) => [sku, quantity]));
    for (const { sku, quantity } of left) {
      rest.set(sku, (rest.get(sku) ?? 0) - quantity);
      const stock = rows.find(Stock, sku);
      if (!stock) throw new Error(`there is no ${sku}`);
      rows.put(Stock, { ...stock, onHand: stock.onHand - quantity, reserved: stock.reserved - quantity });
    }
    const items = [...rest].flatMap(([sku, quantity]) => (quantity > 0 ? [{ sku, quantity }] : []));
    if (reservation) rows.put(Reservation, { ...reservation, status: 'SHIPPED', items });
  };

  it('a revision of goods that have left is refused, as often as it comes', () => {
    shipped(FROM);
    for (let times = 0; times < 2; times++)
      expect(revise()).toMatchObject({ type: 'RevisionRejected', data: { reason: 'shipped', short: [] } });
    expect(restore().type).toBe('ReservationRestored');
    expect([reserved(), held()]).toEqual([{ cup: 0, pot: 0, jar: 0 }, []]);
  });

  it.each([
    ['taken back, as the carrier has the old goods', FROM, restore],
    ['settled, as the carrier has the new goods', TO, settle],
  ])(
    'goods that leave during a revision, which is then %s: what it reserved beside them is given back',
    (_, left, end) => {
      revise();
      shipped(left);
      end();
      expect([reserved(), held()]).toEqual([{ cup: 0, pot: 0, jar: 0 }, []]);
    },
  );
});

describe('a command that contradicts what is known', () => {
  it.each([
    ['a revision from other lines than the order holds', () => revise({ from: lines(['cup', 1]) })],
    ['a revision of an order without a reservation', () => revise({ orderId: newId() })],
    ['an end of a revision that is not known', () => settle()],
  ])('%s is parked', (_, command) => {
    const before = everything();
    expect(command).toThrow(ContradictoryCommandError);
    expect(everything()).toEqual(before);
  });

  it.each([
    ['a repeated revision with other lines', () => revise({ to: FROM })],
    ['a compensation with other lines', () => restore({ to: FROM })],
    ['a repeated revision of another order', () => revise({ orderId: newId() })],
  ])('%s is parked', (_, command) => {
    revise();
    const before = everything();
    expect(command).toThrow(ContradictoryCommandError);
    expect(everything()).toEqual(before);
  });

  it('a compensation of a settled revision, and the end of one that was taken back, are parked', () => {
    revise();
    settle();
    expect(() => restore()).toThrow(ContradictoryCommandError);
    const other = { revisionId: newId(), from: TO, to: FROM };
    revise(other);
    restore(other);
    expect(() => settle(other)).toThrow(ContradictoryCommandError);
  });
});
