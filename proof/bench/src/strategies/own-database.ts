import { randomBytes } from 'node:crypto';
import { UNIT_OF_WORK_SQL } from '@backstep/unit-of-work';
import pg from 'pg';
import { STOCK_SQL } from './stock.js';

const SQL = [UNIT_OF_WORK_SQL, STOCK_SQL].join(';');

/**
 * Makes a database with the tables of the run, and drops it afterwards, also after a failure.
 * @param prefix of its name: letters and underscores
 */
export async function inOwnDatabase<T>(
  serverUrl: string,
  prefix: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await run(serverUrl, `CREATE DATABASE ${name}`);
  try {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    await run(url.href, SQL);
    return await work(url.href);
  } finally {
    await run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'backstep bench' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
