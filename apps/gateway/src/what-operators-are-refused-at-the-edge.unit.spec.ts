import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '@backstep/problems';
import { ask, ID, startGatewayAlone } from './gateway-alone.fixture.spec.js';

/** Goal: what is wrong with the request of an operator is told before any service is asked, by the name of its field. Method: as of all requests. */
startGatewayAlone();

interface Asked {
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

/** An action of ada on the one that there is, but for what is asked otherwise. */
const actionOn =
  (kind: 'sagas' | 'parked') =>
  (action: string, { json = { reason: 'INC-7' }, headers = {}, query = '' }: Asked) =>
    ask('POST', `/v1/${kind}/${ID}/${action}${query}`, {
      json,
      headers: { 'x-operator': 'ada', 'if-match': '"v1"', ...headers },
    });

describe('an action on a saga', () => {
  const act = actionOn('sagas');

  it.each([
    ['no reason', { json: {} }, 'reason'],
    ['a reason on two lines', { json: { reason: 'a\nb' } }, 'reason'],
    ['a reason that is a novel', { json: { reason: 'x'.repeat(501) } }, 'reason'],
    ['nobody who acts', { headers: { 'x-operator': ' ' } }, 'X-Operator'],
    ['a version that is none', { headers: { 'if-match': '*' } }, 'If-Match'],
    ['another dryRun', { query: '?dryRun=yes' }, 'dryRun'],
  ])('an action on a saga with %s is refused', async (_, asked, field) => {
    const { status, body } = await act('skip', asked);
    expect([status, body['errors']]).toEqual([400, expect.arrayContaining([expect.objectContaining({ field })])]);
  });

  it('an action on a saga without If-Match is 428', async () => {
    const { status, body } = await ask('POST', `/v1/sagas/${ID}/skip`, {
      json: { reason: 'INC-7' },
      headers: { 'x-operator': 'ada' },
    });
    expect([status, body['type']]).toEqual([428, PROBLEMS.preconditionRequired.type]);
  });

  it.each(['retry', 'skip', 'compensate', 'abandon'])(
    'the action %s is 503 while the orchestrator is away',
    async (action) => {
      const { status, body } = await act(action, { query: '?dryRun=true' });
      expect([status, body['type']]).toEqual([503, PROBLEMS.unavailable.type]);
    },
  );
});

describe('an action on several sagas', () => {
  const target = { sagaId: ID, ifMatch: '"v1"' };
  const act = (json: object, query = '') =>
    ask('POST', `/v1/sagas/operations${query}`, {
      json: { action: 'retry', reason: 'INC-7', targets: [target], ...json },
      headers: { 'x-operator': 'ada' },
    });

  it.each<[string, object, string]>([
    ['no target', { targets: [] }, 'targets'],
    ['101 targets', { targets: Array.from({ length: 101 }, () => target) }, 'targets'],
    ['a target without its version', { targets: [{ sagaId: ID }] }, 'targets.0.ifMatch'],
    ['a target of any version', { targets: [{ ...target, ifMatch: '*' }] }, 'targets.0.ifMatch'],
    ['no reason', { reason: '' }, 'reason'],
    ['a wish for all that match', { state: 'STUCK' }, 'state'],
  ])('an action on several sagas with %s is refused', async (_, json, field) => {
    const { status, body } = await act(json);
    expect([status, body['errors']]).toEqual([
      400,
      expect.arrayContaining([expect.objectContaining({ in: 'body', field })]),
    ]);
  });

  it('an action on several sagas by nobody is refused, and 503 while the orchestrator is away', async () => {
    const json = { action: 'retry', reason: 'INC-7', targets: [target] };
    const nobody = await ask('POST', '/v1/sagas/operations', { json });
    expect([nobody.status, nobody.body['errors']]).toEqual([
      400,
      [expect.objectContaining({ in: 'header', field: 'X-Operator' })],
    ]);
    const away = await act({}, '?dryRun=true');
    expect([away.status, away.body['type']]).toEqual([503, PROBLEMS.unavailable.type]);
  });
});

describe('an action on a parked message', () => {
  const act = actionOn('parked');

  it.each([
    ['no reason', { json: {} }, 'reason'],
    ['a reason on two lines', { json: { reason: 'a\nb' } }, 'reason'],
    ['nobody who acts', { headers: { 'x-operator': ' ' } }, 'X-Operator'],
    ['a version that is none', { headers: { 'if-match': '*' } }, 'If-Match'],
    ['another dryRun', { query: '?dryRun=yes' }, 'dryRun'],
    ['a service that there is not', { query: '?service=bakery' }, 'service'],
  ])('an action on a parked message with %s is refused', async (_, asked, field) => {
    for (const action of ['replay', 'discard']) {
      const { status, body } = await act(action, asked);
      expect([status, body['errors']]).toEqual([400, expect.arrayContaining([expect.objectContaining({ field })])]);
    }
  });

  it('an action on a parked message without If-Match is 428', async () => {
    const request = { json: { reason: 'INC-7' }, headers: { 'x-operator': 'ada' } };
    const { status, body } = await ask('POST', `/v1/parked/${ID}/discard`, request);
    expect([status, body['type']]).toEqual([428, PROBLEMS.preconditionRequired.type]);
  });
});
