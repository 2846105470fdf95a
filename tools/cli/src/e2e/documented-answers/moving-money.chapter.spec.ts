import { describe, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { randomUUID } from 'node:crypto';
import type { Situation } from './situation.fixture.spec.js';

/** As many transfers as may wait. */
const QUEUE_MAX = 100_000;
const SKIP = 'skipQueue=true';
const anAccount = (change: object = {}) => ({ currency: 'EUR', openingBalance: 1_000, overdraftLimit: 0, ...change });

/** Goal: accounts and transfers are answered as documented, in each way that the state of the system allows. */
export const movingMoney = (situation: () => Situation): void =>
  describe('moving money', () => {
    const open = async (change: object = {}): Promise<string> =>
      (await situation().get<{ id: string }>('openAccount 201 application/json', { json: anAccount(change) })).body.id;

    it('an account is opened, once for each key', async () => {
      const here = situation();
      const keyed = { headers: { 'idempotency-key': randomUUID() }, json: anAccount() };
      await here.provoke([['openAccount 201 application/json', keyed]]);
      await here.provoke([
        ['openAccount 201 application/json', keyed],
        ['openAccount 422 idempotency-key-reused', { ...keyed, json: anAccount({ currency: 'USD' }) }],
        ['openAccount 400 idempotency-key-missing', { headers: { 'idempotency-key': undefined } }],
      ]);
    });

    it('a transfer is queued, decided, or refused, once for each key', async () => {
      const here = situation();
      const [from, to, dollars] = await Promise.all([open(), open(), open({ currency: 'USD' })]);
      const json = { from, to, amount: 10 };
      const keyed = { headers: { 'idempotency-key': randomUUID() }, json };
      const { body } = await here.get<{ id: string }>('requestTransfer 202 application/json', keyed);
      await waitUntil('the transfer is applied', async () => {
        const { body: now } = await here.ask('readTransfer', { path: { transferId: body.id } });
        return (now as { status: string }).status === 'APPLIED';
      });
      await here.provoke([
        ['readTransfer 200 application/json', { path: { transferId: body.id } }],
        ['requestTransfer 200 application/json', keyed],
        ['requestTransfer 200 application/json', { query: SKIP, json: { from, to, amount: 2_000 } }],
        ['requestTransfer 422 idempotency-key-reused', { ...keyed, json: { ...json, amount: 11 } }],
        ['requestTransfer 422 unknown-account', { json: { ...json, to: randomUUID() } }],
        ['requestTransfer 422 other-currency', { json: { ...json, to: dollars } }],
        ['requestTransfer 400 idempotency-key-missing', { json, headers: { 'idempotency-key': undefined } }],
        ['requestTransfer 400 validation', { json: { ...json, to: from } }],
      ]);
    });

    it('a transfer that is queued already is the same one when it comes again', async () => {
      const here = situation();
      const [from, to] = await Promise.all([open(), open()]);
      const keyed = { headers: { 'idempotency-key': randomUUID() }, json: { from, to, amount: 10 } };
      await whileNobodyWorks(here, async () => {
        await here.provoke([['requestTransfer 202 application/json', keyed]]);
        await here.provoke([['requestTransfer 202 application/json', keyed]]);
      });
    });

    it('a transfer beyond what may wait is 503 overloaded', async () => {
      const here = situation();
      const [from, to] = await Promise.all([open(), open()]);
      await whileNobodyWorks(here, async () => {
        await here.sql(
          'payment',
          `INSERT INTO lane_entry (key, lane, state, input, attempts, queued_at, version)
           SELECT 'transfers/' || n, 'transfers', 'QUEUED', '{}', 0, now(), 1 FROM generate_series(1, ${QUEUE_MAX}) AS n`,
        );
        try {
          await waitUntil('the queue is full', async () => {
            const { status } = await here.ask('requestTransfer', { json: { from, to, amount: 1 } });
            return status === 503;
          });
          await here.provoke([['requestTransfer 503 overloaded', { json: { from, to, amount: 1 } }]]);
        } finally {
          await here.sql('payment', `DELETE FROM lane_entry WHERE input = '{}'`);
        }
      });
    }, 60_000);

    it('an account or a transfer that another writer changes all the time is 503 contended', async () => {
      const here = situation();
      const [from, to] = await Promise.all([open(), open()]);
      await here.whileRefused('payment', ['account'], '40001', () =>
        here.provoke([
          ['openAccount 503 contended', { json: anAccount() }],
          ['requestTransfer 503 contended', { query: SKIP, json: { from, to, amount: 1 } }],
        ]),
      );
    });
  });

/** Somebody else has the lock of the lane, so nothing that is queued is applied. */
async function whileNobodyWorks(here: Situation, work: () => Promise<void>): Promise<void> {
  const name = 'lane/transfers';
  const holder = randomUUID();
  await here.sql(
    'payment',
    `INSERT INTO named_lock (name, holder, epoch, until, changed_at)
     VALUES ('${name}', '${holder}', nextval('named_lock_epoch'), now() + interval '1 hour', now())
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = excluded.epoch, until = excluded.until, changed_at = excluded.changed_at`,
  );
  try {
    await work();
  } finally {
    await here.sql('payment', `DELETE FROM named_lock WHERE name = '${name}' AND holder = '${holder}'`);
  }
}
