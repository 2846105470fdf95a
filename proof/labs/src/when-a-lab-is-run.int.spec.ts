import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requireInfrastructure } from '@backstep/testing';
import pg from 'pg';
import { LABS, type LabName } from './catalogue.js';
import { NotShownError, render, runLab } from './index.js';

/**
 * Goal: what the pages of docs/concurrency show is what happens on a real PostgreSQL, and a lab whose sessions do not interleave fails.
 * Method: each lab is run and compared with the output on its page; then it is run on tables that keep the anomaly away, by a trigger, a
 * setting or a key that is missing.
 */
const DOCS = new URL('../../../docs/concurrency/', import.meta.url);
const page = (name: string): string => readFileSync(new URL(`${name}.md`, DOCS), 'utf8');
const outputOn = (name: string): string => /^```text\n([\s\S]*?)\n```$/m.exec(page(name))?.[1] ?? '';

let url: string;
beforeAll(() => {
  url = requireInfrastructure().databaseUrl;
});

afterEach(async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'backstep\\_lab\\_%'`);
    expect(rows).toEqual([]);
  } finally {
    await client.end();
  }
});

describe('the pages of the labs', () => {
  it.each(LABS)('the page of the lab $name shows what the lab prints', async ({ name }) => {
    const printed = render(await runLab(name, { url }));
    expect(printed).toBe(outputOn(name));
    expect(page(name)).toContain(`npx backstep lab ${name}`);
  });

  it('the pages are those of the labs, and their list has a line for each', () => {
    const runsLab = (file: string): boolean => /^npx backstep lab \S/m.test(readFileSync(new URL(file, DOCS), 'utf8'));
    const pages = readdirSync(DOCS).filter((file) => file !== 'README.md' && runsLab(file));
    expect(pages.sort()).toEqual(LABS.map(({ name }) => `${name}.md`).sort());
    for (const { name } of LABS) expect(page('README')).toContain(`[${name}](${name}.md)`);
  });
});

it('a lab without its protection plays that side alone, which ends with the loss', async () => {
  const { scenes } = await runLab('lost-update', { url, withProtection: false });
  expect(scenes.map(({ withProtection }) => withProtection)).toEqual([false]);
  expect(scenes[0]?.shown.join()).toContain('50 are lost');
});

const trigger = (table: string, event: string, body: string): string => `
  CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
  CREATE TRIGGER meddle BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION meddle()`;

describe('a lab whose sessions do not interleave', () => {
  it.each<[LabName, string, string, string]>([
    [
      'lost-update',
      'transactions are serializable',
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`,
      'Ben was to succeed, and failed',
    ],
    [
      'write-skew',
      'there is nobody on the rota',
      trigger('engineer', 'INSERT', 'RETURN NULL;'),
      'Ana waits for a lock (it went on to its end instead)',
    ],
    [
      'deadlock',
      'one writer at a time is let in',
      trigger('account', 'UPDATE', 'PERFORM pg_advisory_xact_lock(1); RETURN NEW;'),
      'within 1000 ms: Ben ends',
    ],
    [
      'aba',
      'the version of a new row comes from a sequence',
      `CREATE SEQUENCE life; ${trigger('account', 'INSERT', "NEW.version = nextval('life'); RETURN NEW;")}`,
      'Ana was to succeed, and failed',
    ],
    [
      'mvcc',
      'the entries refer to no account',
      'ALTER TABLE entry DROP CONSTRAINT entry_account_fkey',
      'Ben waits for a lock (it went on to its end instead)',
    ],
    [
      'isolation',
      'no row is added to the rota',
      trigger('engineer', 'INSERT', "IF NEW.name = 'Cora' THEN RETURN NULL; END IF; RETURN NEW;"),
      'phantom at READ COMMITTED',
    ],
    [
      'phantom',
      'the table counts its rows itself',
      trigger('booking', 'INSERT', "IF (SELECT count(*) FROM booking) >= 2 THEN RAISE 'full'; END IF; RETURN NEW;"),
      'Ben was to succeed, and failed: full',
    ],
    [
      'retry-storm',
      'the version does not count up',
      trigger('counter', 'UPDATE', 'NEW.version = OLD.version; RETURN NEW;'),
      '36 writes were to be counted',
    ],
    [
      'zombie-holder',
      'a lease never runs out',
      trigger('named_lock', 'INSERT', "NEW.until = 'infinity'; RETURN NEW;"),
      'within 1000 ms: Ben ends',
    ],
  ])('the lab %s fails when %s', async (name, _, prepare, says) => {
    const run = runLab(name, { url, prepare, stepWithinMs: 1_000 });
    await expect(run).rejects.toThrow(NotShownError);
    await expect(run).rejects.toThrow(says);
  });
});
