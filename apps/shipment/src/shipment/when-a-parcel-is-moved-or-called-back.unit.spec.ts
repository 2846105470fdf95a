import { beforeEach, describe, expect, it } from '@jest/globals';
import { CancelShipment, CreateShipment, ReviseShipment, type RequestedItem } from '@backstep/contracts';
import { newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { CancelShipmentHandler } from '../cancel-shipment/cancel-shipment.handler.js';
import { CreateShipmentHandler } from '../create-shipment/create-shipment.handler.js';
import { MoveShipmentHandler } from '../move-shipment/move-shipment.handler.js';
import { ReviseShipmentHandler } from '../revise-shipment/revise-shipment.handler.js';
import { Shipment } from './shipment.entity.js';
import type { CarrierMove } from './shipment.rules.js';

/**
 * Goal: a parcel is handed over once and then delivered once, or its shipment is cancelled; never both. What is asked again is answered as
 * it was the first time. Method: the real handlers on rows in memory.
 */
const NOON = Date.UTC(2030, 0, 1, 12);
const ITEMS = [{ sku: 'cup', quantity: 1 }];
const address = (country: string) => ({
  name: 'Ada',
  line1: 'Main Street 1',
  city: 'Berlin',
  postalCode: '10115',
  country,
});

let rows: InMemoryRows;
let orderId: string;
let now: number;
beforeEach(async () => {
  now = NOON;
  rows = await InMemoryRows.of([Shipment], () => now);
  orderId = newId();
});

const only = ([event, ...others]: Message[]): Message => {
  expect(others).toEqual([]);
  if (!event) throw new Error('nothing was said');
  return event;
};
const create = (country = 'DE') =>
  only(
    rows.handle(
      new CreateShipmentHandler(),
      aMessage(CreateShipment, { orderId, items: ITEMS, shippingAddress: address(country) }),
    ),
  );
const cancel = () => only(rows.handle(new CancelShipmentHandler(), aMessage(CancelShipment, { orderId })));
const revise = (revisionId: string, country = 'FR', items: RequestedItem[] = [{ sku: 'pot', quantity: 2 }]) =>
  only(
    rows.handle(
      new ReviseShipmentHandler(),
      aMessage(ReviseShipment, { orderId, revisionId, items, shippingAddress: address(country) }),
    ),
  );
const move = (what: CarrierMove, basis?: number) =>
  rows.request(new MoveShipmentHandler(), { orderId, edit: { move: what }, basis });
const shipment = () => rows.find(Shipment, orderId);
const nothingChanges = (happens: () => unknown): void => {
  const before = rows.all(Shipment);
  happens();
  expect(rows.all(Shipment)).toEqual(before);
};

describe('a parcel on its way', () => {
  it('a shipment is handed over and then delivered, and each is told once, with its moment', () => {
    create();
    now += 1_000;
    const { answer, said } = move('hand-over');
    const parcel = { orderId, shipmentId: shipment()?.shipmentId, trackingNumber: shipment()?.trackingNumber };
    expect(answer).toMatchObject({ outcome: 'moved', shipment: { status: 'HANDED_OVER', version: 2 } });
    expect(said).toMatchObject([
      { type: 'ShipmentHandedOver', aggregateVersion: 2, data: { ...parcel, items: ITEMS } },
    ]);
    now += 1_000;
    const delivered = move('deliver');
    expect(delivered.said).toMatchObject([{ type: 'ShipmentDelivered', aggregateVersion: 3, data: parcel }]);
    expect(delivered.answer).toMatchObject({
      shipment: {
        status: 'DELIVERED',
        version: 3,
        history: [
          { status: 'CREATED', at: new Date(NOON).toISOString() },
          { status: 'HANDED_OVER', at: new Date(NOON + 1_000).toISOString() },
          { status: 'DELIVERED', at: new Date(NOON + 2_000).toISOString() },
        ],
      },
    });
    expect(delivered.said[0]?.sagaId).toBeUndefined();
  });

  it.each<[string, CarrierMove, () => void]>([
    ['handed over before it is created', 'hand-over', () => undefined],
    ['handed over twice', 'hand-over', () => (create(), move('hand-over'))],
    ['handed over when it is delivered', 'hand-over', () => (create(), move('hand-over'), move('deliver'))],
    ['handed over when it is cancelled', 'hand-over', () => (create(), cancel())],
    ['handed over when it was cancelled before it was created', 'hand-over', () => cancel()],
    ['handed over when the carrier has refused it', 'hand-over', () => create('AQ')],
    ['delivered before it is handed over', 'deliver', () => create()],
    ['delivered twice', 'deliver', () => (create(), move('hand-over'), move('deliver'))],
    ['delivered when it is cancelled', 'deliver', () => (create(), cancel())],
  ])('a shipment is not %s', (_, edit, given) => {
    given();
    nothingChanges(() => {
      const { answer, said } = move(edit);
      expect(answer.outcome).toBe(shipment() ? 'illegal' : 'unknown');
      expect(said).toEqual([]);
    });
  });

  it('an operator who has seen an older version moves nothing', () => {
    create();
    revise(newId());
    nothingChanges(() => expect(() => move('hand-over', 1)).toThrow());
    expect(move('hand-over', 2).answer.outcome).toBe('moved');
  });
});

describe('a cancellation', () => {
  it('a cancellation before the hand-over calls the shipment back, and a repeated one gets the same answer', () => {
    create();
    const { shipmentId, trackingNumber } = shipment() ?? {};
    now += 1_000;
    const first = cancel();
    expect(first).toMatchObject({ type: 'ShipmentCancelled', aggregateVersion: 2, data: { orderId, shipmentId } });
    expect(shipment()).toMatchObject({ status: 'CANCELLED', trackingNumber, cancelledAt: new Date(NOON + 1_000) });
    nothingChanges(() => expect([cancel().type, cancel().data]).toEqual([first.type, first.data]));
  });

  it('a cancellation that comes first is kept, and the late shipment is refused', () => {
    const first = cancel();
    expect(first).toMatchObject({ type: 'ShipmentCancelled', aggregateVersion: 1, data: { orderId } });
    expect(first.data).not.toHaveProperty('shipmentId');
    nothingChanges(() => {
      expect(create()).toMatchObject({ type: 'ShipmentRefused', data: { reason: 'The shipment is cancelled.' } });
      expect(cancel().data).toEqual(first.data);
    });
  });

  it('a repeated CreateShipment of a cancelled shipment is refused', () => {
    create();
    cancel();
    nothingChanges(() => expect(create().type).toBe('ShipmentRefused'));
  });

  it('a cancellation after the hand-over is refused, with the same reason after the delivery', () => {
    create();
    move('hand-over');
    const refused = { type: 'ShipmentCancellationRefused', data: { orderId, reason: 'The carrier has the parcel.' } };
    nothingChanges(() => expect(cancel()).toMatchObject(refused));
    move('deliver');
    nothingChanges(() => expect(cancel()).toMatchObject(refused));
  });

  it('a cancellation of a shipment that the carrier refused has nothing to call back', () => {
    create('AQ');
    nothingChanges(() => expect(cancel()).toMatchObject({ type: 'ShipmentCancelled', data: { orderId } }));
    expect(shipment()?.status).toBe('REFUSED');
  });
});

describe('a revision', () => {
  it('a revision before the hand-over changes items and address, and a repeated one is answered again', () => {
    create();
    const revisionId = newId();
    expect(revise(revisionId)).toMatchObject({
      type: 'ShipmentRevised',
      aggregateVersion: 2,
      data: { orderId, revisionId },
    });
    expect(shipment()).toMatchObject({
      status: 'CREATED',
      items: [{ sku: 'pot', quantity: 2 }],
      address: address('FR'),
      revisionId,
    });
    nothingChanges(() => expect(revise(revisionId).type).toBe('ShipmentRevised'));
    move('hand-over');
    nothingChanges(() => expect(revise(revisionId).type).toBe('ShipmentRevised'));
  });

  it('a repeated revision with other data contradicts the stored one', () => {
    create();
    const revisionId = newId();
    revise(revisionId);
    nothingChanges(() => {
      expect(() => revise(revisionId, 'IT')).toThrow('ReviseShipment contradicts what is known: another address');
      expect(() => revise(revisionId, 'FR', ITEMS)).toThrow('ReviseShipment contradicts what is known: other items');
    });
  });

  it('a repeated CreateShipment of a revised shipment is answered as before', () => {
    const first = create();
    revise(newId());
    nothingChanges(() => expect([create().type, create().data]).toEqual([first.type, first.data]));
  });

  it('a revision to a country that the carrier does not serve leaves the shipment as it is', () => {
    create();
    nothingChanges(() =>
      expect(revise(newId(), 'AQ')).toMatchObject({
        type: 'ShipmentRevisionRefused',
        data: { reason: 'The carrier does not deliver to Antarctica.' },
      }),
    );
  });

  it.each<[string, () => void, string]>([
    ['handed over', () => (create(), move('hand-over')), 'The carrier has the parcel.'],
    ['delivered', () => (create(), move('hand-over'), move('deliver')), 'The carrier has the parcel.'],
    ['cancelled', () => (create(), cancel()), 'The shipment is cancelled.'],
    ['refused', () => create('AQ'), 'The carrier has refused the order.'],
    ['not there', () => undefined, 'The order has no shipment.'],
  ])('a revision of a shipment that is %s is refused', (_, given, reason) => {
    given();
    nothingChanges(() => expect(revise(newId())).toMatchObject({ type: 'ShipmentRevisionRefused', data: { reason } }));
  });
});
