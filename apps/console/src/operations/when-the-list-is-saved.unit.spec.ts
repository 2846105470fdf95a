import { expect, it } from '@jest/globals';
import type { OperatorOperation } from '../api/types.js';
import { csvOf } from './csv.js';

/** Goal: the list is saved as it is seen, and no spreadsheet runs what strangers have written. Method: operations beside their lines. */
const operation = (changes: Partial<OperatorOperation> = {}): OperatorOperation => ({
  id: 'id',
  at: '2026-11-28T10:00:00.000Z',
  by: 'ada',
  action: 'retry',
  reason: 'INC-42',
  target: { kind: 'saga', id: 'saga', orderId: 'order', service: 'orchestrator' },
  from: 'STUCK',
  to: 'COMPENSATING',
  step: 'charge-payment',
  direction: 'undo',
  commandIds: ['one', 'two'],
  requestId: 'request',
  links: { target: null, events: null },
  ...changes,
});
const reasonIn = (reason: string): string => csvOf([operation({ reason })]).split('\r\n')[1] ?? '';

it('a saved list has a line for each operation, and what is not known is empty', () => {
  const parked = operation({
    target: { kind: 'parked', id: 'message', orderId: null, service: 'payment' },
    action: 'replay',
    ...{ to: null, step: null, direction: null, commandIds: null, requestId: null },
  });
  expect(csvOf([operation(), parked]).split('\r\n')).toEqual([
    '"at","by","action","kind","target","service","order","from","to","step","reason","commands","request"',
    '"2026-11-28T10:00:00.000Z","ada","retry","saga","saga","orchestrator","order","STUCK","COMPENSATING","charge-payment","INC-42","one two","request"',
    '"2026-11-28T10:00:00.000Z","ada","replay","parked","message","payment","","STUCK","","","INC-42","",""',
    '',
  ]);
});

it.each(['=HYPERLINK("http://elsewhere")', '+1', '-1', '@SUM(A1)', '\t=1'])('the reason %p is no formula', (reason) => {
  expect(reasonIn(reason)).toContain(`"'${reason.replaceAll('"', '""')}"`);
});

it('quotes and commas of a reason stay in its field', () => {
  expect(reasonIn('the "carrier", is back')).toContain('"the ""carrier"", is back"');
});
