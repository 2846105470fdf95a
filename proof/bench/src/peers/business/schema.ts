import pg from 'pg';
import { PLENTY, PRODUCTS, skuOf } from '../../load/orders.js';

/** What the services of Backstep keep of an order in four databases, for a shop that has one: the same rows, keys and checks. */
export const SHOP_SQL = `
  CREATE TABLE orders (
    id               uuid PRIMARY KEY,
    status           text NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
    currency         text NOT NULL,
    total            bigint NOT NULL CHECK (total >= 0),
    items            jsonb NOT NULL,
    payment_method   text NOT NULL,
    shipping_address jsonb NOT NULL,
    created_at       timestamptz NOT NULL,
    version          bigint NOT NULL
  );
  CREATE INDEX orders_pending ON orders (created_at) WHERE status = 'PENDING';

  CREATE TABLE stock (
    sku      text PRIMARY KEY,
    on_hand  bigint NOT NULL,
    reserved bigint NOT NULL CHECK (reserved >= 0),
    version  bigint NOT NULL,
    CHECK (reserved <= on_hand)
  ) WITH (fillfactor = 50);

  CREATE TABLE reservation (
    order_id uuid PRIMARY KEY,
    status   text NOT NULL,
    items    jsonb NOT NULL,
    version  bigint NOT NULL
  );

  CREATE TABLE payment_intent (
    id                 uuid PRIMARY KEY,
    status             text NOT NULL,
    amount             bigint NOT NULL CHECK (amount >= 0),
    currency           text NOT NULL,
    provider_reference text NOT NULL,
    created_at         timestamptz NOT NULL,
    version            bigint NOT NULL
  );

  CREATE TABLE ledger_entry (
    id                text COLLATE "C" PRIMARY KEY,
    account           text NOT NULL,
    payment_intent_id uuid NOT NULL,
    amount            bigint NOT NULL CHECK (amount <> 0),
    currency          text NOT NULL,
    made_at           timestamptz NOT NULL
  );

  CREATE TABLE shipment (
    order_id        uuid PRIMARY KEY,
    shipment_id     uuid NOT NULL,
    status          text NOT NULL,
    tracking_number text NOT NULL,
    items           jsonb NOT NULL,
    address         jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    version         bigint NOT NULL
  );`;

const FILL = 'INSERT INTO stock (sku, on_hand, reserved, version) SELECT unnest($1::text[]), $2, 0, 1';

/** Makes the tables in an empty database, and fills the stock. */
export async function openShop(databaseUrl: string): Promise<void> {
  await withSession(databaseUrl, async (session) => {
    await session.query(SHOP_SQL);
    await session.query(FILL, [Array.from({ length: PRODUCTS }, (_, number) => skuOf(number)), PLENTY]);
  });
}

const COUNTS = `SELECT (SELECT count(*) FROM orders)::int AS orders,
  (SELECT count(*) FROM orders WHERE status = 'CONFIRMED')::int AS confirmed,
  (SELECT count(*) FROM reservation)::int AS reservations,
  (SELECT count(*) FROM payment_intent)::int AS payments,
  (SELECT count(DISTINCT provider_reference) FROM payment_intent)::int AS charges,
  (SELECT count(*) / 2 FROM ledger_entry)::int AS bookings,
  (SELECT coalesce(sum(amount), 0) FROM ledger_entry)::int AS balance,
  (SELECT count(*) FROM shipment)::int AS shipments,
  (SELECT sum(reserved) FROM stock)::int AS items`;

/** What the doctor is for Backstep, as far as a shop of one database and orders of one item need it. @returns what is wrong, a line each */
export function checkShop(databaseUrl: string): Promise<readonly string[]> {
  return withSession(databaseUrl, async (session) => {
    const { rows } = await session.query<Readonly<Record<string, number>>>(COUNTS);
    const { orders, balance, ...others } = rows[0] ?? {};
    const wrong = Object.entries(others).filter(([, count]) => count !== orders);
    return [
      ...wrong.map(([name, count]) => `${orders} orders and ${count} ${name}`),
      ...(balance === 0 ? [] : [`the ledger adds up to ${balance}`]),
    ];
  });
}

async function withSession<T>(connectionString: string, work: (session: pg.Client) => Promise<T>): Promise<T> {
  const session = new pg.Client({ connectionString, application_name: 'backstep bench' });
  await session.connect();
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
