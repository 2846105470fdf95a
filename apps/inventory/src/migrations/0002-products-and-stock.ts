import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ProductsAndStock1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE product (
        sku      text PRIMARY KEY,
        name     text NOT NULL,
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        price    bigint NOT NULL CHECK (price >= 0),
        version  integer NOT NULL
      );

      -- Updated with every reservation: room on the page keeps the updates HOT (no index is touched).
      CREATE TABLE stock (
        sku      text PRIMARY KEY REFERENCES product,
        on_hand  integer NOT NULL,
        reserved integer NOT NULL CHECK (reserved >= 0),
        version  integer NOT NULL,
        CHECK (reserved <= on_hand)
      ) WITH (fillfactor = 50);

      CREATE TABLE stock_adjustment (
        id      uuid PRIMARY KEY,
        sku     text NOT NULL REFERENCES stock,
        delta   integer NOT NULL,
        reason  text NOT NULL,
        made_at timestamptz NOT NULL,
        version integer NOT NULL
      );
      CREATE INDEX stock_adjustment_sku ON stock_adjustment (sku, made_at);

      CREATE TABLE reservation (
        order_id uuid PRIMARY KEY,
        status   text NOT NULL CHECK (status IN ('HELD', 'REJECTED', 'RELEASED')),
        items    jsonb NOT NULL,
        short    jsonb NOT NULL,
        version  integer NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservation, stock_adjustment, stock, product');
  }
}
