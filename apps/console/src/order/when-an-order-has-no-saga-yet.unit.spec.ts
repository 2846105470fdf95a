import { expect, it } from '@jest/globals';
import type { Evidence } from '../api/types.js';
import { BEGAN, recordOf } from '../lanes/records.fixture.spec.js';
import { noSagaYet } from './no-saga-yet.js';

/** Goal: who waits for an order to begin is told what it waits for. Method: evidence of an order with one message. */
const evidence = (
  change: Partial<Record<keyof Evidence, unknown>> = {},
  committed: string | null = '30',
): Evidence => ({
  ...({
    takenAt: new Date(BEGAN + 1_500).toISOString(),
    order: { status: 'PENDING', createdAt: new Date(BEGAN).toISOString() },
    sagas: [],
    messages: [recordOf(1)],
    services: [
      {
        service: 'orchestrator',
        group: { id: 'backstep.orchestrator', positions: [{ topic: 'order.events', partition: 1, committed }] },
      },
    ],
  } as unknown as Evidence),
  ...(change as Partial<Evidence>),
});

it('an order without a saga says where its first message lies, and where the orchestrator reads', () => {
  expect(noSagaYet(evidence())).toBe('No saga yet: OrderPlaced is at order.events/1@31; the orchestrator is at 30.');
  expect(noSagaYet(evidence({}, null))).toContain('the orchestrator is at the beginning.');
  expect(noSagaYet(evidence({ services: [{ service: 'orchestrator', group: null }] }))).toContain(
    'the orchestrator does not say where it is.',
  );
});

it.each([
  ['a saga', { sagas: [{}] }],
  ['no message yet', { messages: [] }],
  ['an orchestrator that does not answer', { services: [] }],
  ['a moment behind it', { takenAt: new Date(BEGAN + 500).toISOString() }],
  ['an end', { order: { status: 'CONFIRMED' } }],
])('of an order with %s nothing is said', (_, change) => {
  expect(noSagaYet(evidence(change))).toBeUndefined();
});
