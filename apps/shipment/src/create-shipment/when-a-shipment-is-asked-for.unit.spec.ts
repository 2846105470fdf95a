import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateShipment } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { Shipment } from '../shipment/shipment.entity.js';
import { CreateShipmentHandler } from './create-shipment.handler.js';

/** Goal: an order is handed to the carrier once, and its answer is the same however often it is asked for: the pivot may not waver. */
const NOON = Date.UTC(2030, 0, 1, 12);
let rows: InMemoryRows;
let orderId: string;
beforeEach(async () => {
  rows = await InMemoryRows.of([Shipment], () => NOON);
  orderId = newId();
});

const address = (country: string) => ({
  name: 'Ada',
  line1: 'Main Street 1',
  city: 'Berlin',
  postalCode: '10115',
  country,
});
const ITEMS = [{ sku: 'cup', quantity: 1 }];
const command = (country = 'DE', items = ITEMS) =>
  aMessage(CreateShipment, { orderId, items, shippingAddress: address(country) });
const ship = (asked = command()) => rows.handle(new CreateShipmentHandler(), asked);

it('a shipment is created with a tracking number', () => {
  const asked = command();
  const [event, ...others] = ship(asked);
  expect(others).toEqual([]);
  const shipment = rows.find(Shipment, orderId);
  expect(shipment).toMatchObject({
    status: 'CREATED',
    reason: null,
    address: address('DE'),
    createdAt: new Date(NOON),
  });
  expect(event).toMatchObject({
    type: 'ShipmentCreated',
    sagaId: asked.sagaId,
    commandId: asked.commandId,
    causationId: asked.id,
    aggregateVersion: 1,
    data: { orderId, shipmentId: shipment?.shipmentId, trackingNumber: shipment?.trackingNumber },
  });
  expect(shipment?.trackingNumber).toMatch(/^BS[0-9A-F]{12}$/);
});

it('a shipment to a country that the carrier does not serve is refused with the reason', () => {
  expect(ship(command('AQ'))).toMatchObject([
    { type: 'ShipmentRefused', data: { orderId, reason: 'The carrier does not deliver to Antarctica.' } },
  ]);
  expect(rows.find(Shipment, orderId)).toMatchObject({ status: 'REFUSED', trackingNumber: null });
});

describe('a repeated command', () => {
  it('a repeated command gets the same shipment, and nothing is handed over twice', () => {
    const [first] = ship();
    const before = rows.all(Shipment);
    const again = command();
    const [second] = ship(again);
    expect(second).toMatchObject({ type: 'ShipmentCreated', data: first?.data, commandId: again.commandId });
    expect(rows.all(Shipment)).toEqual(before);
  });

  it.each([
    ['created', 'DE', 'AQ'],
    ['refused', 'AQ', 'DE'],
  ])('an order that was %s stays so, and a command with another address contradicts it', (_, first, then) => {
    ship(command(first));
    const before = rows.all(Shipment);
    expect(() => ship(command(then))).toThrow('CreateShipment contradicts what is known: another address');
    expect(rows.all(Shipment)).toEqual(before);
  });

  it.each([
    ['more of it', [{ sku: 'cup', quantity: 2 }]],
    ['something else', [{ sku: 'pot', quantity: 1 }]],
    ['something more', [...ITEMS, ...ITEMS]],
  ])('a command with %s contradicts the stored shipment', (_, items) => {
    ship();
    expect(() => ship(command('DE', items))).toThrow('CreateShipment contradicts what is known: other items');
  });
});

it('two orders of the same moment get two tracking numbers', () => {
  ship();
  orderId = newId();
  ship();
  expect(new Set(rows.all(Shipment).map(({ trackingNumber }) => trackingNumber)).size).toBe(2);
});
