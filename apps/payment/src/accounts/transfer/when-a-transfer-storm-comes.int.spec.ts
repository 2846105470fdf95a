import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TransferView } from '@backstep/contracts/http';
import { newId } from '@backstep/messages';
import { waitUntil } from '@backstep/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { whatIsWrong, type Asked } from './books.fixture.spec.js';
import { startPayment, type PaymentProcess } from './payment-processes.fixture.spec.js';
import { transferMoney, type TransferOrder } from './transfer-money.handler.js';
import { TransferKit } from './transfers.fixture.spec.js';

/**
 * Goal: each transfer is applied or rejected once, in order for each account, whichever side of it the account is, and no money comes or goes,
 * whenever instances die, and while transfers that skip the queue move money of the same accounts.
 * Method: two instances of the service on a real PostgreSQL, which are killed and started again in turn. Callers send a transfer again, with
 * its key and to either instance, until it is answered; then the next one, so that the order is known. What checks the outcome is shown two queues
 * that are wrong.
 *
 * The long storm: `TRANSFERS=10000 npm test -- int when-a-transfer-storm-comes`.
 */
const TRANSFERS = Number(process.env['TRANSFERS'] ?? 600);
const KILLS = TRANSFERS > 1_000 ? 10 : 3;
const CALLERS = 8;
/** How many skip the queue, of 1. */
const SKIP = 0.15;
/** Half of all transfers go to the first account, or come from it. */
const HOT = 0.5;
const OPENED = [20_000, 10_000, 10_000, 10_000, 10_000, 10_000];
const OVERDRAFT = 1_000;
const SUM = OPENED.reduce((sum, one) => sum + one, 0);
const LONG_MS = 60_000 + TRANSFERS * 60;

let kit: TransferKit;
beforeAll(async () => {
  kit = await TransferKit.start();
}, 60_000);
afterAll(() => kit.stop());

const anyOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

function parties([hot = '', ...others]: readonly string[]): { from: string; to: string } {
  const from = anyOf(others);
  const to = Math.random() < HOT ? hot : anyOf(others.filter((one) => one !== from));
  return Math.random() < 0.5 ? { from, to } : { from: to, to: from };
}

/** Two instances. One that is killed is started again. */
class Instances {
  private readonly running: PaymentProcess[] = [];
  killed = 0;

  async start(): Promise<void> {
    for (let n = 0; n < 2; n++) this.running.push(await startPayment(kit.database.url));
  }

  get urls(): string[] {
    return this.running.map(({ url }) => url);
  }

  /** The one that runs longest. */
  async killOne(): Promise<void> {
    await this.running.shift()?.kill();
    this.killed++;
    this.running.push(await startPayment(kit.database.url));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.kill()));
  }
}

/** Sends it until an instance answers, each time with the same key. */
async function request(instances: Instances, body: object, key: string, skipQueue: boolean): Promise<TransferView> {
  for (;;) {
    try {
      const response = await fetch(`${anyOf(instances.urls)}/transfers?skipQueue=${skipQueue}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      const answer = (await response.json()) as TransferView;
      if (response.ok) return answer;
      if (response.status < 500) throw new RangeError(`a transfer is refused: ${JSON.stringify(answer)}`);
    } catch (error) {
      if (error instanceof RangeError) throw error;
    }
    await delay(20);
  }
}

describe('a storm of transfers', () => {
  it(
    'a storm of transfers is applied or rejected once and in order, and keeps the sum, though instances are killed',
    async () => {
      const accounts = await kit.open(OPENED, OVERDRAFT);
      const instances = new Instances();
      const asked: Asked[] = [];
      let clock = 0;
      const call = async (): Promise<void> => {
        for (let n = 0; n < TRANSFERS / CALLERS; n++) {
          const body = { ...parties(accounts), amount: 1 + Math.floor(Math.random() * 9_000), reference: null };
          const skipQueue = Math.random() < SKIP;
          const began = ++clock;
          const { id, status } = await request(instances, body, newId(), skipQueue);
          asked.push({ id, ...body, queued: !skipQueue, began, answered: ++clock, status });
        }
      };
      const kill = async (): Promise<void> => {
        for (let n = 1; n <= KILLS; n++) {
          const share = (TRANSFERS * n) / (KILLS + 1);
          await waitUntil(`${share} transfers are answered`, () => asked.length >= share, LONG_MS);
          await instances.killOne();
        }
      };
      try {
        await instances.start();
        await Promise.all([...Array.from({ length: CALLERS }, call), kill()]);
        await waitUntil(
          'no transfer is queued',
          async () => (await kit.books()).queue.every(({ state }) => state !== 'QUEUED'),
          LONG_MS,
        );
        const books = await kit.books();
        expect(whatIsWrong(asked, books, SUM)).toEqual([]);
        expect([asked.length, instances.killed]).toEqual([TRANSFERS, KILLS]);
        const some = asked.slice(0, 20);
        const read = await Promise.all(
          some.map(async ({ id }) => (await fetch(`${anyOf(instances.urls)}/transfers/${id}`)).json()),
        );
        const statuses = new Map(books.transfers.map(({ id, status }) => [id, status]));
        expect((read as TransferView[]).map(({ status }) => status)).toEqual(some.map(({ id }) => statuses.get(id)));
        for (const status of ['APPLIED', 'REJECTED'])
          expect(books.transfers.filter((one) => one.status === status).length).toBeGreaterThan(TRANSFERS / 20);
      } finally {
        await instances.killAll();
      }
    },
    2 * LONG_MS,
  );
});

describe('what checks the outcome', () => {
  const order = (from: string, to: string, amount = 1): TransferOrder => ({
    id: newId(),
    from,
    to,
    amount,
    currency: 'EUR',
    reference: null,
  });
  let clock = 0;
  const queued = ({ id, from, to, amount }: TransferOrder): Asked => ({
    id,
    from,
    to,
    amount,
    queued: true,
    began: ++clock,
    answered: ++clock,
    status: 'QUEUED',
  });

  it('a queue in memory is found out: what was taken is lost with its process', async () => {
    const [ada = '', bob = ''] = await kit.open([100, 100], 0);
    const { unitOfWork } = kit.instance();
    const memory = [order(ada, bob), order(bob, ada), order(ada, bob)];
    const asked = memory.map(queued);
    await unitOfWork.request(transferMoney, memory.shift() as TransferOrder);
    memory.length = 0;
    expect(whatIsWrong(asked, await kit.books(), 200)).toEqual(['a transfer is lost']);
  });

  it('queues by a hash of the source are found out: transfers to one account are applied in another order', async () => {
    const [ada = '', bob = '', hot = ''] = await kit.open([100, 100, 100], 0);
    const { laneOf } = kit.instance();
    const [ofAda, ofBob] = [laneOf('transfers-of-ada'), laneOf('transfers-of-bob')];
    const orders = [order(ada, hot), order(bob, hot)];
    const asked: Asked[] = [];
    for (const [at, one] of orders.entries()) {
      await [ofAda, ofBob][at]?.enqueue(one, { id: one.id });
      asked.push(queued(one));
    }
    await ofBob.worker.poll();
    await ofAda.worker.poll();
    expect(whatIsWrong(asked, await kit.books(), 300)).toEqual([
      'transfers of an account are applied in another order than they were queued',
    ]);
  });
});
