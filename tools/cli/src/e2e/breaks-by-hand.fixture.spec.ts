import type { ServiceName } from '@backstep/contracts';
import type { Kind } from './patient.fixture.spec.js';

/** One thing broken in one database, and how it is mended. */
export interface BreakByHand {
  readonly invariant: string;
  readonly situation: string;
  /** The kind of the order it is about; what is said of `ghost` is said of an order that is not there. */
  readonly kind: Kind;
  readonly about: 'order' | 'ghost' | 'sku' | 'nothing';
  readonly says: RegExp;
  /** `:order`, `:ghost` (placed two minutes ago), `:saga` (of the ghost) and `:message` stand for ids. */
  readonly doing: readonly Statement[];
  readonly undoing: readonly Statement[];
  /** The message whose id `:message` is; it must be named with its place. */
  readonly message?: string;
  /** Held still meanwhile: they would mend it. */
  readonly asleep?: readonly string[];
  /** Something seems under way, so that the doctor cannot say that the system is at rest. */
  readonly restless?: true;
}
type Statement = readonly [ServiceName, string];
type Told = Pick<BreakByHand, 'message' | 'asleep' | 'restless'>;

const row = (
  invariant: string,
  situation: string,
  [kind, about]: readonly [Kind, BreakByHand['about']],
  says: RegExp,
  doing: readonly Statement[],
  undoing: readonly Statement[],
  told: Told = {},
): BreakByHand => ({ invariant, situation, kind, about, says, doing, undoing, ...told });

const update = (service: ServiceName, table: string, where: string, set: string): Statement =>
  [service, `UPDATE ${table} SET ${set} WHERE ${where}`]; // prettier-ignore
const take = (service: ServiceName, table: string, where: string): Statement =>
  [service, `CREATE TABLE taken AS SELECT * FROM ${table} WHERE ${where}; DELETE FROM ${table} WHERE ${where}`]; // prettier-ignore
const putBack = (service: ServiceName, table: string): Statement =>
  [service, `INSERT INTO ${table} SELECT * FROM taken; DROP TABLE taken`]; // prettier-ignore
const unguarded = (statement: string): string =>
  `ALTER TABLE ledger_entry DISABLE TRIGGER USER; ${statement}; ALTER TABLE ledger_entry ENABLE TRIGGER USER`;

const GHOST_ORDER: Statement = ['order', `
  INSERT INTO orders SELECT ':ghost', 'PENDING', currency, total, items, payment_method, shipping_address, NULL, NULL,
    now() - interval '2 minutes', NULL, 1 FROM orders WHERE id = ':order';
  INSERT INTO idempotency_key SELECT 'ghost', request_hash, jsonb_set(response, '{id}', '":ghost"'), created_at, 1
    FROM idempotency_key WHERE response ->> 'id' = ':order'`]; // prettier-ignore
const NO_GHOST_ORDER: Statement = [
  'order',
  `DELETE FROM orders WHERE id = ':ghost'; DELETE FROM idempotency_key WHERE key = 'ghost'`,
];
const ghostSaga = (status: string, change: object): Statement => ['orchestrator', `
  INSERT INTO saga_instance (id, name, subject, started_at, status, version, failures, instance)
    SELECT ':saga', name, ':ghost', started_at, '${status}', 1, 0, instance::jsonb || '${JSON.stringify(change)}' FROM saga_instance WHERE subject = ':order'`]; // prettier-ignore
const NO_GHOST_SAGA: Statement = ['orchestrator', `DELETE FROM saga_instance WHERE id = ':saga'`];
const WAITS = { awaiting: { step: 'charge-payment', direction: 'forward' } };
const GHOST_ASLEEP: Told = { asleep: ['order'], restless: true };

/** @param place of the step, 1 for the first: the journal begins with the last */
const stepOf = (place: number, path: string, value: string): Statement =>
  update('orchestrator', 'saga_instance', `subject = ':order'`, `instance = jsonb_set(instance::jsonb, '{journal,-${place},${path}}', '${value}')`); // prettier-ignore
const saga = `subject = ':order'`;

// prettier-ignore
export const BREAKS_BY_HAND: readonly BreakByHand[] = [
  row('I1', 'an order that was promised is not there', ['confirmed', 'ghost'], /there is no such order/,
    [['order', `INSERT INTO idempotency_key VALUES ('ghost', 'hash', '{"id": ":ghost", "total": 1}', now(), 1)`]],
    [['order', `DELETE FROM idempotency_key WHERE key = 'ghost'`]]),
  row('I1', 'two requests were answered with one order', ['confirmed', 'order'], /with the same order/,
    [['order', `INSERT INTO idempotency_key SELECT 'ghost', request_hash, response, created_at, 1 FROM idempotency_key WHERE response ->> 'id' = ':order'`]],
    [['order', `DELETE FROM idempotency_key WHERE key = 'ghost'`]]),
  row('I1', 'nobody asked for an order', ['confirmed', 'order'], /no idempotency key/,
    [take('order', 'idempotency_key', `response ->> 'id' = ':order'`)], [putBack('order', 'idempotency_key')]),
  row('I1', 'an order has another total than was answered', ['declined', 'order'], /was answered with a total of/,
    [update('order', 'orders', `id = ':order'`, 'total = total + 1')], [update('order', 'orders', `id = ':order'`, 'total = total - 1')]),

  row('I2', 'no saga took an order up', ['confirmed', 'ghost'], /no saga has taken it up/, [GHOST_ORDER], [NO_GHOST_ORDER], GHOST_ASLEEP),
  row('I2', 'its saga was given up, and the order was not ended', ['confirmed', 'ghost'], /ended as ABANDONED, given up by ada: no way out/,
    [GHOST_ORDER, ghostSaga('ABANDONED', { operations: [{ action: 'abandon', by: 'ada', reason: 'no way out' }] })], [NO_GHOST_SAGA, NO_GHOST_ORDER], GHOST_ASLEEP),
  row('I2', 'nothing wakes a saga', ['confirmed', 'ghost'], /has no timer/,
    [GHOST_ORDER, ghostSaga('RUNNING', WAITS)], [NO_GHOST_SAGA, NO_GHOST_ORDER], GHOST_ASLEEP),
  row('I2', 'a timer does not fire', ['confirmed', 'ghost'], /has been due for \d+ s and does not fire \(tried 4 times\)/,
    [GHOST_ORDER, ghostSaga('RUNNING', WAITS), ['orchestrator', `
      UPDATE saga_instance SET wake_at = t + 600000, failures = 4, instance = jsonb_set(instance::jsonb, '{awaiting,dueAt}', to_jsonb(t - 120000))
      FROM (SELECT (extract(epoch FROM now()) * 1000)::bigint AS t) AS clock WHERE id = ':saga'`]],
    [NO_GHOST_SAGA, NO_GHOST_ORDER], GHOST_ASLEEP),
  row('I2', 'a saga works for an order that is not there', ['confirmed', 'ghost'], /there is no such order/,
    [ghostSaga('RUNNING', WAITS)], [NO_GHOST_SAGA], { restless: true }),

  row('I4', 'the ledger lacks a refund', ['refused', 'order'], /the ledger says \d+ and 0/,
    [['payment', unguarded(`CREATE TABLE taken AS SELECT * FROM ledger_entry WHERE transaction_id = 'refund::order'; DELETE FROM ledger_entry WHERE transaction_id = 'refund::order'`)]],
    [putBack('payment', 'ledger_entry')]),
  row('I4', 'the ledger does not balance', ['confirmed', 'order'], /add up to 7/,
    [['payment', unguarded(`INSERT INTO ledger_entry VALUES ('x', 'x', 'order_revenue', ':order', 7, 'EUR', now(), 1)`)]],
    [['payment', unguarded(`DELETE FROM ledger_entry WHERE id = 'x'`)]]),

  row('I5', 'more is reserved than reservations hold', ['confirmed', 'sku'], /and the reservations hold/,
    [update('inventory', 'stock', `sku = 'teapot'`, 'reserved = reserved + 1')], [update('inventory', 'stock', `sku = 'teapot'`, 'reserved = reserved - 1')]),
  row('I5', 'stock vanished', ['confirmed', 'sku'], /its adjustments add up to/,
    [update('inventory', 'stock', `sku = 'teapot'`, 'on_hand = on_hand - 1')], [update('inventory', 'stock', `sku = 'teapot'`, 'on_hand = on_hand + 1')]),
  row('I5', 'more is reserved than there is', ['confirmed', 'sku'], /reserved of \d+ on hand/,
    [['inventory', `ALTER TABLE stock DROP CONSTRAINT stock_check;
      INSERT INTO stock_adjustment SELECT ':ghost', sku, reserved - 1 - on_hand, 'broken', now(), 1 FROM stock WHERE sku = 'teapot';
      UPDATE stock SET on_hand = reserved - 1 WHERE sku = 'teapot'`]],
    [['inventory', `UPDATE stock s SET on_hand = on_hand - a.delta FROM stock_adjustment a WHERE s.sku = 'teapot' AND a.id = ':ghost';
      DELETE FROM stock_adjustment WHERE id = ':ghost'; ALTER TABLE stock ADD CONSTRAINT stock_check CHECK (reserved <= on_hand)`]]),

  row('I6', 'a rejected order holds stock', ['declined', 'order'], /is REJECTED and holds stock/,
    [update('inventory', 'reservation', `order_id = ':order'`, `status = 'HELD'`), update('inventory', 'stock', `sku = 'headphones'`, 'reserved = reserved + 1')],
    [update('inventory', 'reservation', `order_id = ':order'`, `status = 'RELEASED'`), update('inventory', 'stock', `sku = 'headphones'`, 'reserved = reserved - 1')]),
  row('I6', 'stock is held for an order that is not there', ['confirmed', 'ghost'], /holds stock, and there is no such order/,
    [['inventory', `INSERT INTO reservation SELECT ':ghost', status, items, short, 1 FROM reservation WHERE order_id = ':order'; UPDATE stock SET reserved = reserved + 1 WHERE sku = 'teapot'`]],
    [['inventory', `DELETE FROM reservation WHERE order_id = ':ghost'; UPDATE stock SET reserved = reserved - 1 WHERE sku = 'teapot'`]]),
  row('I6', 'a rejected order is shipped', ['refused', 'order'], /is REJECTED and is shipped/,
    [update('shipment', 'shipment', `order_id = ':order'`, `status = 'CREATED', tracking_number = 'x', reason = NULL`)],
    [update('shipment', 'shipment', `order_id = ':order'`, `status = 'REFUSED', tracking_number = NULL, reason = 'x'`)]),
  row('I6', 'a confirmed order has no shipment', ['confirmed', 'order'], /CONFIRMED without its shipment/,
    [take('shipment', 'shipment', `order_id = ':order'`)], [putBack('shipment', 'shipment')]),
  row('I6', 'a confirmed order reserved something else', ['confirmed', 'order'], /CONFIRMED without its reservation/,
    [update('inventory', 'reservation', `order_id = ':order'`, `items = jsonb_set(items, '{0,quantity}', '2')`), update('inventory', 'stock', `sku = 'teapot'`, 'reserved = reserved + 1')],
    [update('inventory', 'reservation', `order_id = ':order'`, `items = jsonb_set(items, '{0,quantity}', '1')`), update('inventory', 'stock', `sku = 'teapot'`, 'reserved = reserved - 1')]),

  row('I7', 'a step was done and not undone', ['refused', 'order'], /reserve-stock is done and was not undone/, [stepOf(1, 'armed', 'true')], [stepOf(1, 'armed', 'false')]),
  row('I7', 'compensations ran in the order of the steps', ['refused', 'order'], /reserve-stock was undone before charge-payment/,
    [['orchestrator', `CREATE TABLE taken AS SELECT * FROM saga_instance WHERE ${saga}`], stepOf(2, 'undo,answeredAt', '9999999999999')],
    [['orchestrator', `DELETE FROM saga_instance WHERE ${saga}`], putBack('orchestrator', 'saga_instance')]),
  row('I7', 'a completed saga undid something', ['confirmed', 'order'], /reserve-stock was undone on the way forward/,
    [stepOf(1, 'undo', '{"sentAt": 1, "answeredAt": 1, "attempts": 1}')],
    [['orchestrator', `UPDATE saga_instance SET instance = instance::jsonb #- '{journal,-1,undo}' WHERE ${saga}`]]),

  row('I8', 'an order is shipped uncharged', ['confirmed', 'order'], /is shipped, and its payment is CHARGE_FAILED/,
    [update('payment', 'payment_intent', `id = ':order'`, `state = jsonb_set(state, '{status}', '"CHARGE_FAILED"')`)],
    [update('payment', 'payment_intent', `id = ':order'`, `state = jsonb_set(state, '{status}', '"CHARGED"')`)]),

  row('I9', 'an order went back from its end', ['confirmed', 'order'], /was told as OrderConfirmed, and is PENDING/,
    [update('order', 'orders', `id = ':order'`, `status = 'PENDING'`)], [update('order', 'orders', `id = ':order'`, `status = 'CONFIRMED'`)],
    { message: 'OrderConfirmed', ...GHOST_ASLEEP }),
  row('I9', 'a saga ended another way than its order', ['confirmed', 'order'], /is CONFIRMED, and its saga \S+ is COMPENSATED/,
    [update('orchestrator', 'saga_instance', saga, `status = 'COMPENSATED'`)], [update('orchestrator', 'saga_instance', saga, `status = 'COMPLETED'`)]),

  row('I10', 'a message stays in the outbox', ['confirmed', 'order'], /has been in the outbox of order for \d+ s/,
    [['order', `INSERT INTO outbox (id, shard, topic, key, headers, value, created_at) VALUES (':ghost', 99, 'order.events', ':order', '{}', '{}', now() - interval '2 minutes')`]],
    [['order', `DELETE FROM outbox WHERE id = ':ghost'`]], { restless: true }),
  row('I10', 'a message in Kafka was never handled', ['confirmed', 'order'], /ChargePayment \S+ is in Kafka, and payment has not handled it/,
    [['payment', `DELETE FROM inbox WHERE message_id = ':message'`]], [['payment', `INSERT INTO inbox VALUES (':message')`]], { message: 'ChargePayment' }),
  row('I10', 'a handled message is not in Kafka', ['confirmed', 'nothing'], /and Kafka does not have it/,
    [['shipment', `INSERT INTO inbox VALUES ('fresh:ghost')`]], [['shipment', `DELETE FROM inbox WHERE message_id = 'fresh:ghost'`]]),

  row('I12', 'a charge was booked twice', ['confirmed', 'order'], /the ledger has 2 captures/,
    [['payment', `INSERT INTO ledger_entry SELECT 'x' || id, 'x' || transaction_id, account, payment_intent_id, amount, currency, made_at, 1 FROM ledger_entry WHERE transaction_id = 'capture::order'`]],
    [['payment', unguarded(`DELETE FROM ledger_entry WHERE transaction_id = 'xcapture::order'`)]]),

  row('I13', 'a sound message is parked as unreadable', ['confirmed', 'order'], /is parked at shipment as bad_json, and can be read/,
    [['shipment', `INSERT INTO parked_message (id, state, topic, partition, kafka_offset, key, type, headers, value, cause, error)
      VALUES (':message', 'poisoned', ':topic', :partition, :offset, ':order', 'CreateShipment', ':headers', ':value', 'bad_json', '')`]],
    [['shipment', `DELETE FROM parked_message`]], { message: 'CreateShipment' }),
  row('I13', 'a message waits behind nothing', ['confirmed', 'order'], /waits at shipment, and nothing of its key is poisoned/,
    [['shipment', `INSERT INTO parked_message (id, state, topic, partition, kafka_offset, key, type, headers, value, cause, error, changed_at)
      VALUES (':message', 'held', ':topic', :partition, :offset, ':order', 'CreateShipment', ':headers', ':value', 'behind_parked', '', now() - interval '1 minute')`]],
    [['shipment', `DELETE FROM parked_message`]], { message: 'CreateShipment', asleep: ['shipment'] }),

  row('I14', 'a balance has no entry that says why', ['confirmed', 'nothing'], /has a balance of 5, and its entries add up to 0/,
    [['payment', `INSERT INTO account (id, currency, balance, overdraft_limit, opened_at, version) VALUES (':ghost', 'EUR', 5, 0, now(), 1)`]],
    [['payment', `DELETE FROM account WHERE id = ':ghost'`]]),
  row('I14', 'a transfer is applied and not in the ledger', ['confirmed', 'nothing'], /is APPLIED, and the ledger has 0 entries/,
    [['payment', `INSERT INTO transfer (id, from_account, to_account, amount, currency, status, settled_at, version) VALUES (':ghost', ':ghost', 'fresh:ghost', 5, 'EUR', 'APPLIED', now(), 1)`]],
    [['payment', `DELETE FROM transfer WHERE id = ':ghost'`]]),
];
