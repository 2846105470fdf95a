import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { system } from './shared-system.fixture.spec.js';

/** What the chapters of races share (no chapter itself): several processes of a kind, asked at once, and a stranger who holds a row. */
export const logOf = (name: string): Record<string, unknown>[] =>
  readFileSync(join(system.dir, 'logs', `${name}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Where the process of this name listens: only the first of a kind has the port that is known. */
export const urlOf = (name: string): string => String(logOf(name).findLast(({ msg }) => msg === 'listening')?.['url']);

export interface Answered {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: Record<string, unknown>;
}

export async function ask(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const replayed = answer.headers.get('idempotency-replayed') === 'true';
  return { status: answer.status, replayed, body: (await answer.json()) as Answered['body'] };
}

/** The same path at the gateway and at the second inventory, which the gateway does not ask. */
export const atBoth = (path: string): readonly [string, string] => [
  `${system.gatewayUrl}/v1${path}`,
  `${urlOf('inventory-2')}${path}`,
];

export async function listed(sku: string, onHand = 1_000): Promise<void> {
  const body = { name: 'Raced for', currency: 'EUR', price: 1_00, onHand };
  expect(await system.api('PUT', `/v1/products/${sku}`, { body })).toMatchObject({ status: 201 });
}

/** The inventory's database, as a stranger uses it. */
export class InventoryRows {
  private readonly pool = new pg.Pool({
    connectionString: system.environment().databases['inventory'],
    max: 4,
  });

  async query<R extends pg.QueryResultRow>(statement: string, values: unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(statement, values)).rows;
  }

  /** A stranger's transaction, with the row of this stock in it. */
  async hold(sku: string): Promise<{ letGo(): Promise<void> }> {
    const client = await this.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM stock WHERE sku = $1 FOR UPDATE', [sku]);
    return {
      letGo: async () => {
        await client.query('COMMIT');
        client.release();
      },
    };
  }

  /** How many sessions wait for a row. */
  async waiting(): Promise<number> {
    const [row] = await this.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row?.n ?? 0;
  }

  /** What was added to stock for this reason. */
  async adjustedFor(reason: string): Promise<number[]> {
    const rows = await this.query<{ delta: string }>('SELECT delta FROM stock_adjustment WHERE reason = $1', [reason]);
    return rows.map(({ delta }) => Number(delta));
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
