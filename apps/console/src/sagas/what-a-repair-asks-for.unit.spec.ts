import { describe, expect, it } from '@jest/globals';
import type { OperatedSaga, Saga, SagaOperation, SagaStep, SagaSummary } from '../api/types.js';
import { missingFrom } from '../operate/confirmation.js';
import { askable, bulkBody, outcomeText } from './bulk.js';
import {
  afterwards,
  dryRunRequest,
  lookedAnew,
  lookedAt,
  movedSince,
  readAgain,
  repairRequest,
  stepChanges,
} from './repair.js';

/**
 * Goal: an action is asked for on the version that its dry run has seen, by name and with a reason; and no more is claimed of it than is known.
 * Method: the requests and sentences of a saga that is stuck.
 */
const step = (name: string, changes: Partial<SagaStep> = {}): SagaStep => ({
  name,
  kind: 'compensatable',
  state: 'done',
  attempts: 1,
  ...{ sentAt: null, answeredAt: null, skippedBy: null, undo: null },
  ...changes,
});
const undoing = (attempts: number) =>
  step('charge-payment', { state: 'undoing', undo: { attempts, sentAt: null, answeredAt: null, skippedBy: null } });
const saga = (version: number, changes: Partial<Saga> = {}): Saga =>
  ({
    id: '5b3f3a52-0c5e-5c1e-9d57-3c3b7f6f0a11',
    state: 'STUCK',
    version,
    steps: [step('reserve-stock'), undoing(100)],
    operations: [],
    ...changes,
  }) as unknown as Saga;
const command = {
  id: 'message',
  commandId: 'command',
  type: 'RefundPayment',
  topic: 'payment.commands',
  key: 'order',
  data: {},
};
const operation = (changes: Partial<SagaOperation> = {}): SagaOperation => ({
  action: 'retry',
  dryRun: false,
  transition: { from: 'STUCK', to: 'COMPENSATING' },
  commands: [command],
  saga: saga(8, { state: 'COMPENSATING', steps: [step('reserve-stock'), undoing(101)] }),
  ...changes,
});

describe('the request', () => {
  const asked = { sagaId: saga(7).id, action: 'retry', seenVersion: 7, operator: 'ada', reason: ' INC-42 ' } as const;

  it('the request of an action names the version that the dry run has seen, who, why, and one key', () => {
    expect(repairRequest(asked, 'key')).toEqual({
      path: { sagaId: saga(7).id },
      headers: { 'If-Match': '"v7"', 'X-Operator': 'ada', 'Idempotency-Key': 'key' },
      body: { reason: 'INC-42' },
    });
  });

  it('a saga that moves while the operator looks at it is not what the operator says yes to', () => {
    const look = readAgain(lookedAt(saga(7)), saga(8, { state: 'COMPENSATING' }));
    expect([look.seen.version, look.newest.version]).toEqual([7, 8]);
    const { headers } = repairRequest({ ...asked, seenVersion: look.seen.version }, 'key');
    expect(headers['If-Match']).toBe('"v7"');
    const anew = lookedAnew(look, look.newest);
    expect([anew.seen.version, anew.moved[1]]).toEqual([8, 'It was STUCK and is COMPENSATING.']);
    expect(readAgain(anew, saga(7))).toBe(anew);
  });

  it('the request of a dry run names the same version, and needs neither a name nor a reason', () => {
    const { headers, query, body } = dryRunRequest(saga(7).id, 7, '');
    expect([headers['If-Match'], query.dryRun]).toEqual(['"v7"', 'true']);
    expect([headers['X-Operator'].length, body.reason.length].every((length) => length > 0)).toBe(true);
  });

  it('the request of several names of each the version that was seen of it', () => {
    const seen = [saga(7), { ...saga(9), id: '6c3f3a52-0c5e-5c1e-9d57-3c3b7f6f0a12' }];
    expect(bulkBody('retry', seen, 'INC-42')).toEqual({
      action: 'retry',
      reason: 'INC-42',
      targets: [
        { sagaId: seen[0]?.id, ifMatch: '"v7"' },
        { sagaId: seen[1]?.id, ifMatch: '"v9"' },
      ],
    });
  });
});

describe('the confirmation', () => {
  const whole = { operator: 'ada', reason: 'INC-42', typed: '6F0A11' };
  const id = saga(7).id;

  it('a confirmation needs a name, a reason, and the end of the id where that is asked for', () => {
    expect(missingFrom(whole, id)).toEqual([]);
    expect(missingFrom({ ...whole, typed: '' }, undefined)).toEqual([]);
    expect(missingFrom({ ...whole, typed: '6f0a1' }, id)).toEqual(['the last 6 characters of the id']);
    expect(missingFrom({ operator: ' ', reason: ' ', typed: '' }, id)).toHaveLength(3);
  });

  it.each(['ада', 'a\tb', 'x'.repeat(101)])('%p is no name that a header can carry', (operator) => {
    expect(missingFrom({ ...whole, operator }, id)).toEqual(['your name']);
  });
});

describe('what is shown', () => {
  it('a dry run shows the steps before and after, those that change marked, and one that is added', () => {
    const after = [...operation().saga.steps, step('reject-order', { kind: 'retriable', state: 'pending' })];
    expect(stepChanges(saga(7).steps, after)).toEqual([
      { name: 'reserve-stock', before: 'done', after: 'done', changed: false },
      { name: 'charge-payment', before: 'undoing, attempt 100', after: 'undoing, attempt 101', changed: true },
      { name: 'reject-order', before: '–', after: 'pending', changed: true },
    ]);
  });

  it('a refusal for a stale version says what has moved', () => {
    const done = { by: 'grace', action: 'retry', reason: 'INC-43' } as Saga['operations'][number];
    const now = saga(8, { state: 'COMPENSATING', steps: [step('reserve-stock'), undoing(101)], operations: [done] });
    expect(movedSince(saga(7), now)).toEqual([
      'Version 7 is version 8 now.',
      'It was STUCK and is COMPENSATING.',
      'charge-payment: undoing, attempt 100 → undoing, attempt 101.',
      'grace did retry: INC-43',
    ]);
  });

  it('after an action nothing is said to be mended', () => {
    expect(afterwards(operation()).join(' ')).toBe('Asked again. Nothing is mended until payment answers.');
    const given = { action: 'abandon' as const, commands: [], saga: saga(8, { state: 'ABANDONED' }) };
    expect(afterwards(operation({ ...given, transition: { from: 'STUCK', to: 'ABANDONED' } })).join(' ')).toBe(
      'It is given up. Nothing was sent: it went from STUCK to ABANDONED, and is ABANDONED.',
    );
  });

  it('of several, those that a dry run refuses are left out, and each says why', () => {
    const refused = {
      type: 'urn:x',
      title: 'It has changed in the meantime',
      status: 412,
      detail: 'You have seen version 6.',
    };
    const items = [
      { sagaId: 'one', status: 200, replayed: false, operation: operation(), problem: null },
      { sagaId: 'other', status: 412, replayed: false, operation: null, problem: refused },
    ] as unknown as OperatedSaga[];
    const sagas = [{ id: 'one' }, { id: 'other' }] as SagaSummary[];
    expect(askable(sagas, items)).toEqual([{ id: 'one' }]);
    expect(items.map(outcomeText)).toEqual([
      'STUCK → COMPENSATING, RefundPayment to payment.commands',
      '412: You have seen version 6.',
    ]);
  });
});
