import pg from 'pg';
import { CURRENCY } from '../../load/orders.js';
import type { Order } from './order.js';
import type { Provider } from './provider.js';

/** Of each of a peer's processes. */
const SESSIONS_MAX = 20;

const PLACE = `/* shop.place */ INSERT INTO orders (id, status, currency, total, items, payment_method, shipping_address, created_at, version)
  VALUES ($1, 'PENDING', $2, $3, $4, $5, $6, clock_timestamp(), 1) ON CONFLICT DO NOTHING`;

/** The check of the table refuses more than there is. */
const RESERVE = `/* shop.reserve */ WITH held AS (
    INSERT INTO reservation (order_id, status, items, version) VALUES ($1, 'HELD', $2, 1) ON CONFLICT DO NOTHING RETURNING items
  )
  UPDATE stock SET reserved = reserved + quantity, version = version + 1
  FROM held, jsonb_to_recordset(held.items) AS wanted (sku text, quantity integer) WHERE stock.sku = wanted.sku`;

const CHARGE = `/* shop.charge */ WITH charged AS (
    INSERT INTO payment_intent (id, status, amount, currency, provider_reference, created_at, version)
    VALUES ($1, 'CHARGED', $2, $3, $4, clock_timestamp(), 1) ON CONFLICT DO NOTHING RETURNING id, amount, currency
  )
  INSERT INTO ledger_entry (id, account, payment_intent_id, amount, currency, made_at)
  SELECT charged.id || ':' || account, account, charged.id, sign * amount, currency, clock_timestamp()
  FROM charged, (VALUES ('provider_clearing', 1), ('order_revenue', -1)) AS line (account, sign)`;

const SHIP = `/* shop.ship */ INSERT INTO shipment (order_id, shipment_id, status, tracking_number, items, address, created_at, version)
  VALUES ($1::uuid, gen_random_uuid(), 'CREATED', 'TRACK-' || $1::uuid, $2, $3, clock_timestamp(), 1) ON CONFLICT DO NOTHING`;

const CONFIRM = `/* shop.confirm */ UPDATE orders SET status = 'CONFIRMED', version = version + 1 WHERE id = $1 AND status = 'PENDING'`;

/**
 * The business side of a peer's saga: each step is one statement and one commit, and changes nothing when it is repeated. A saga whose step
 * has run and is not noted yet runs it again.
 */
export class Shop {
  private readonly pool: pg.Pool;

  constructor(
    databaseUrl: string,
    private readonly provider: Provider,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: SESSIONS_MAX });
  }

  async place({ id, total, items, paymentMethod, shippingAddress }: Order): Promise<void> {
    const values = [id, CURRENCY, total, JSON.stringify(items), paymentMethod, JSON.stringify(shippingAddress)];
    await this.run('shop.place', PLACE, values);
  }

  async reserve({ id, items }: Order): Promise<void> {
    await this.run('shop.reserve', RESERVE, [id, JSON.stringify(items)]);
  }

  async charge(order: Order): Promise<void> {
    const reference = await this.provider.charge(order);
    await this.run('shop.charge', CHARGE, [order.id, order.total, CURRENCY, reference]);
  }

  async ship({ id, items, shippingAddress }: Order): Promise<void> {
    await this.run('shop.ship', SHIP, [id, JSON.stringify(items), JSON.stringify(shippingAddress)]);
  }

  async confirm({ id }: Order): Promise<void> {
    await this.run('shop.confirm', CONFIRM, [id]);
  }

  private async run(name: string, text: string, values: readonly unknown[]): Promise<void> {
    await this.pool.query({ name, text, values: [...values] });
  }
}
