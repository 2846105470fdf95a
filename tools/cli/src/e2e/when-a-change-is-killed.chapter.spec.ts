import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readGroups } from '@backstep/kafka';
import { waitUntil } from '@backstep/testing';
import { sampleAddress } from '../shared/sample-address.js';
import * as change from './changed-orders.fixture.spec.js';
import { AT_ONCE, type ChangedOrder, type Edit } from './changed-orders.fixture.spec.js';
import { system } from './shared-system.fixture.spec.js';
import {
  holdAtPausePoint,
  leaveOneOfEach,
  providerIntents,
  REACHED_WITHIN_MS,
  type Process,
} from './windows.fixture.spec.js';

/**
 * Goal: an order that is cancelled or revised ends CANCELLED, or with its new lines, or as it was, with stock and money to match, whichever
 * process dies by `kill -9` between whichever two durable steps of the change.
 * Method: nothing flows but one order, which leads one process into its window; the process is killed there. The participant that a saga
 * asks last dies first, so each window is reached by the message that is meant. Then all come back.
 * Each process dies in one window of each saga. In all of them, one after the other: KILL_WINDOWS=all.
 */
const READ = ['batch.before-commit', 'batch.after-commit', 'kafka.before-offset-commit'];
const SENT = ['outbox.before-publish', 'outbox.after-ack'];
/** The order service reads nothing while it is asked for a change. */
const ASKED = ['batch.after-commit', 'batch.before-commit', ...SENT];
const ROUNDS = process.env['KILL_WINDOWS'] === 'all' ? READ.length + SENT.length : 1;

interface Death {
  readonly dies: Process;
  /** The first is the one of a short run. */
  readonly windows: readonly string[];
}

const first = (name: string, ...others: readonly string[]): string[] => [
  name,
  ...others.filter((other) => other !== name),
];

/** cancel-order: the participant that it asks last comes first. */
const CANCELLED: readonly Death[] = [
  { dies: 'inventory', windows: first('batch.after-commit', ...READ, ...SENT) },
  { dies: 'payment', windows: ['payment.after-provider-refund', 'payment.before-provider-refund', ...READ] },
  { dies: 'shipment', windows: first('batch.before-commit', ...READ, ...SENT) },
  { dies: 'orchestrator', windows: first('outbox.after-ack', ...READ, ...SENT) },
  { dies: 'order', windows: ASKED },
];

/** revise-order, until all have agreed. */
const AGREED: readonly Death[] = [
  { dies: 'shipment', windows: first('batch.after-commit', ...READ, ...SENT) },
  { dies: 'payment', windows: ['payment.after-provider-charge', 'payment.before-provider-charge', ...READ] },
  { dies: 'inventory', windows: first('batch.before-commit', ...READ, ...SENT) },
  { dies: 'orchestrator', windows: first('outbox.before-publish', ...READ, ...SENT) },
  { dies: 'order', windows: first('outbox.before-publish', ...ASKED) },
];

/** place-order, turned back. Payment dies before it has charged: an answer would take the saga to its pivot. */
const TURNED = {
  payment: ['payment.before-provider-charge', 'batch.before-commit', 'batch.after-commit'],
  inventory: first('outbox.before-publish', ...READ, ...SENT),
  orchestrator: first('batch.after-commit', ...READ, ...SENT),
  order: first('outbox.after-ack', ...ASKED),
};

/** The carrier takes a parcel while the order service has not heard of it. */
const TAKEN = first('outbox.before-publish', 'batch.after-commit');

/** What follows the pivot, and what a refusal undoes. */
const HOMEWARD = {
  inventory: first('kafka.before-offset-commit', ...READ, ...SENT),
  payment: ['payment.before-provider-refund', 'payment.after-provider-refund'],
  order: first('batch.before-commit', ...READ, ...SENT),
};

const windowOf = (windows: readonly string[], round: number): string => windows[round % windows.length] ?? '';

/** Does what leads the process into its window, and kills it there. */
async function dieIn(dies: Process, name: string, lead: () => unknown = () => undefined): Promise<void> {
  const held = holdAtPausePoint({ dies, name });
  await lead();
  await waitUntil(`${dies} stands in the window ${name}`, () => held.reached(), REACHED_WITHIN_MS);
  await system.kill(dies, 'SIGKILL');
  await held.release();
}

const comeBack = (...processes: readonly Process[]): Promise<unknown> =>
  Promise.all(processes.map((name) => system.restart(name)));

/** Lets each order lead one process into its window. @param ask resolves when the change is accepted */
async function dieInTurn<T>(
  deaths: readonly Death[],
  orders: readonly ChangedOrder[],
  round: number,
  ask: (order: ChangedOrder) => Promise<T>,
): Promise<void> {
  const asked: Promise<T>[] = [];
  for (const [at, { dies, windows }] of deaths.entries()) {
    const order = orders[at];
    if (order) await dieIn(dies, windowOf(windows, round), () => void asked.push(ask(order)));
  }
  await comeBack(...deaths.map(({ dies }) => dies));
  await Promise.all(asked);
}

const MORE: Edit = { lines: [{ op: 'addLine', sku: change.SKU, quantity: 2 }] };
const MORE_TO_NOWHERE: Edit = { ...MORE, shippingAddress: sampleAddress('AQ') };
const rounds = Array.from({ length: ROUNDS }, (_, round) => ({ round }));

/** What the provider keeps of an order's money. */
async function paid(id: string): Promise<number> {
  return (await providerIntents(id)).reduce((sum, { captured, refunded }) => sum + captured - refunded, 0);
}

async function isUndone({ id }: ChangedOrder, sagas: readonly string[]): Promise<void> {
  const order = await change.settled(id);
  expect(order).toMatchObject({ status: 'CANCELLED', change: null, cancellation: { refusal: null } });
  expect(change.sagasOf(order)).toEqual(sagas);
  expect({ id, paid: await paid(id) }).toEqual({ id, paid: 0 });
}

async function isKept({ id, total }: ChangedOrder): Promise<void> {
  const order = await change.settled(id);
  expect(order).toMatchObject({ status: 'CONFIRMED', cancellation: { refusal: { code: 'handed_over' } } });
  expect({ id, paid: await paid(id) }).toEqual({ id, paid: total });
}

async function isRevised({ id, total: before }: ChangedOrder, status: 'APPLIED' | 'REJECTED'): Promise<void> {
  const order = await change.settled(id);
  const total = status === 'APPLIED' ? before * 3 : before;
  expect(order).toMatchObject({ status: 'CONFIRMED', change: null, total, revision: { status } });
  expect({ id, paid: await paid(id) }).toEqual({ id, paid: total });
}

const parked = async (): Promise<unknown> => (await system.api('GET', '/v1/parked')).body['items'];

/** What came before is read, and the offsets are committed: a window is reached by what comes next. */
async function isQuiet(): Promise<boolean> {
  const { kafka, consumerGroups, topics } = system.environment();
  const groups = await readGroups({ brokers: kafka.brokers, clientId: 'quiet' }, consumerGroups, topics);
  return groups.every(({ partitions }) => partitions.every(({ lag }) => lag === 0));
}

export const whenAChangeIsKilled = (): void =>
  describe('a process killed in a window of a change', () => {
    let parkedBefore: unknown;
    beforeAll(async () => {
      parkedBefore = await parked();
      await leaveOneOfEach();
      await change.listProduct();
    }, 60_000);
    beforeEach(async () => void (await waitUntil('all is read', isQuiet, 60_000)), 70_000);

    it.each(rounds)(
      'an order that is cancelled is CANCELLED, whoever dies in a window of cancel-order (round $round)',
      async ({ round }) => {
        const orders = await change.confirmed(CANCELLED.length);
        await waitUntil('all is read', isQuiet);
        await dieInTurn(CANCELLED, orders, round, change.cancel);
        for (const order of orders) await isUndone(order, ['place-order COMPLETED', 'cancel-order COMPLETED']);
      },
      180_000,
    );

    it.each(rounds)(
      'an order that is withdrawn while it is placed is CANCELLED, whoever dies on its way back, and one that the carrier has taken unheard is kept (round $round)',
      async ({ round }) => {
        const [taken] = (await change.confirmed(1)) as [ChangedOrder];
        await waitUntil('all is read', isQuiet);
        await dieIn('shipment', windowOf(TAKEN, round), () => void change.handOver(taken));
        await change.cancel(taken);

        const orders: ChangedOrder[] = [];
        const place = async (): Promise<ChangedOrder> => {
          const order = await change.place(AT_ONCE);
          orders.push(order);
          return order;
        };
        await dieIn('payment', windowOf(TURNED.payment, round), place);
        await place();
        const [charging, alsoCharging] = orders as [ChangedOrder, ChangedOrder];
        await Promise.all(orders.map(({ id }) => change.standsAt(id, 'place-order', 'charge-payment')));

        system.signal('inventory', 'SIGSTOP');
        const reserving = await place();
        await change.standsAt(reserving.id, 'place-order', 'reserve-stock');
        await change.cancel(reserving);
        await change.isTurned(reserving.id);
        await dieIn('inventory', windowOf(TURNED.inventory, round), () => system.signal('inventory', 'SIGCONT'));

        const asked: Promise<void>[] = [];
        for (const [dies, order] of [
          ['orchestrator', charging],
          ['order', alsoCharging],
        ] as const) {
          await dieIn(dies, windowOf(TURNED[dies], round), () => void asked.push(change.cancel(order)));
        }
        await comeBack('shipment', 'inventory', 'orchestrator', 'order');
        await Promise.all(asked);
        await Promise.all(orders.map(({ id }) => change.isTurned(id)));
        await comeBack('payment');
        for (const order of orders) await isUndone(order, ['place-order COMPENSATED']);
        await isKept(taken);
      },
      180_000,
    );

    it.each(rounds)(
      'an order that is revised has its new lines, whoever dies in a window of revise-order (round $round)',
      async ({ round }) => {
        const orders = await change.confirmed(AGREED.length);
        await waitUntil('all is read', isQuiet);
        await dieInTurn(AGREED, orders, round, (order) => change.revise(order, MORE));
        for (const order of orders) await isRevised(order, 'APPLIED');
      },
      180_000,
    );

    it.each(rounds)(
      'a change past its pivot ends, and one that is refused leaves the order as it was, whoever dies on the way (round $round)',
      async ({ round }) => {
        const [cancelled, revised, refused] = (await change.confirmed(3)) as [ChangedOrder, ChangedOrder, ChangedOrder];
        await waitUntil('all is read', isQuiet);
        system.signal('shipment', 'SIGSTOP');
        await Promise.all([
          change.cancel(cancelled),
          change.revise(revised, MORE),
          change.revise(refused, MORE_TO_NOWHERE),
        ]);
        await change.standsAt(cancelled.id, 'cancel-order', 'cancel-shipment');
        for (const { id } of [revised, refused]) await change.standsAt(id, 'revise-order', 'revise-shipment');

        const deaths = (['order', 'payment', 'inventory'] as const).map(async (dies) => {
          await dieIn(dies, windowOf(HOMEWARD[dies], round));
          await comeBack(dies);
        });
        system.signal('shipment', 'SIGCONT');
        await Promise.all(deaths);
        await isUndone(cancelled, ['place-order COMPLETED', 'cancel-order COMPLETED']);
        await isRevised(revised, 'APPLIED');
        await isRevised(refused, 'REJECTED');
      },
      180_000,
    );

    it('what is reserved afterwards is what the confirmed orders hold, nothing is parked of them, and the doctor finds nothing', async () => {
      expect(await parked()).toEqual(parkedBefore);
      expect(await change.reserved()).toBe(await change.held());
      const { code, stdout } = await system.backstep('doctor', '--settle', '60');
      expect({ code, found: code === 0 ? '' : stdout }).toEqual({ code: 0, found: '' });
    }, 120_000);
  });
