import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlaceOrder } from '../api/types.js';
import { placeOne } from './place.js';

/**
 * Goal: of many buyers each is told what became of its order. An answer that is lost, or that asks to come again, is none of "not placed": the
 * order may be there. Method: a real server that stores orders by their keys as the gateway does, and loses answers when it is told to.
 */
type Fault = (response: ServerResponse) => void;

const BODY: PlaceOrder = { items: [{ sku: 'last-item', quantity: 1 }], paymentMethod: 'pm_card_visa' };
const refuse =
  (status: number, type: string, title: string): Fault =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ type: `urn:backstep:problem:${type}`, title }));
const OVERLOADED = refuse(503, 'overloaded', 'Overloaded');
const UNAVAILABLE = refuse(503, 'unavailable', 'Unavailable');
const REUSED = refuse(422, 'idempotency-key-reused', 'Key reused');
const NO_ANSWER: Fault = (response) => void response.destroy();
const HALF_AN_ANSWER: Fault = (response) => {
  response.writeHead(202, { 'content-type': 'application/json', 'content-length': '100' }).write('{"id":"');
  setImmediate(() => response.destroy());
};

const pageFetch = globalThis.fetch;
let server: Server;
/** What happens to the next requests; an order is stored before an answer is lost. */
let faults: Fault[];
let orders: Map<string, string>;

beforeEach(async () => {
  faults = [];
  orders = new Map();
  server = createServer(({ headers }, response) => {
    const key = String(headers['idempotency-key']);
    const fault = faults.shift();
    if (fault !== OVERLOADED && fault !== REUSED) orders.set(key, orders.get(key) ?? `order ${orders.size + 1}`);
    if (fault) return fault(response);
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ id: orders.get(key) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // As a page does: what it asks is relative to where it is from.
  globalThis.fetch = (address, request) => pageFetch(new URL(String(address), origin), request);
});
afterEach(async () => {
  globalThis.fetch = pageFetch;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it.each([
  ['is lost', NO_ANSWER],
  ['is cut off', HALF_AN_ANSWER],
  ['says that the service is away', UNAVAILABLE],
  ['says that there is too much to do', OVERLOADED],
])('a buyer whose answer %s asks again with the same key, and has one order', async (_, fault) => {
  faults = [fault];
  expect(await placeOne(BODY)).toEqual({ orderId: 'order 1' });
  expect([faults.length, orders.size]).toEqual([0, 1]);
});

it.each([
  ['of whom one answer was lost is not told that nothing was placed', [NO_ANSWER, OVERLOADED], 'unansweredBecause'],
  ['of whom none was lost is told that nothing was placed', [OVERLOADED, OVERLOADED], 'refusedBecause'],
])('a buyer who was asked to come again for the last time, and %s', async (_, all, what) => {
  faults = [...all];
  expect(await placeOne(BODY, undefined, all.length)).toEqual({ [what]: 'Overloaded' });
});

it('a buyer who is refused after a lost answer has no order: whoever refused it has looked for its key', async () => {
  faults = [NO_ANSWER, REUSED];
  expect(await placeOne(BODY)).toEqual({ refusedBecause: 'Key reused' });
});
