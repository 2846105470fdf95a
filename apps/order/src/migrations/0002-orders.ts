import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Orders1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id               uuid PRIMARY KEY,
        status           text NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
        currency         text NOT NULL,
        total            bigint NOT NULL CHECK (total >= 0),
        items            jsonb NOT NULL,
        payment_method   text NOT NULL,
        shipping_address jsonb NOT NULL,
        failure_code     text,
        failure_message  text,
        created_at       timestamptz NOT NULL,
        traceparent      text,
        version          integer NOT NULL,
        CHECK ((status = 'REJECTED') = (failure_code IS NOT NULL))
      );
      -- Small: an order is pending for a moment. Serves the announcements, and lists of what is under way.
      CREATE INDEX orders_pending ON orders (created_at) WHERE status = 'PENDING';

      CREATE TABLE product_price (
        sku             text PRIMARY KEY,
        name            text NOT NULL,
        currency        text NOT NULL,
        price           bigint NOT NULL CHECK (price >= 0),
        product_version integer NOT NULL,
        version         integer NOT NULL
      );

      CREATE TABLE idempotency_key (
        key          text PRIMARY KEY,
        request_hash text NOT NULL,
        response     jsonb NOT NULL,
        created_at   timestamptz NOT NULL,
        version      integer NOT NULL
      );
      CREATE INDEX idempotency_key_created_at ON idempotency_key USING brin (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_key, product_price, orders');
  }
}
