import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabases } from './databases.js';
import { emptyFolder } from './empty-folder.js';
import { PortTakenError } from './errors.js';
import { startInfrastructure, type Infrastructure } from './infrastructure.js';
import { freePort, HOST } from './ports.js';
import { isRunning } from './process-identity.js';
import { readRun } from './run-file.js';

/** Goal: a real PostgreSQL and a real Kafka that keep what they were given, survive what people do to them, and leave nothing behind. */
let dir: string;
let running: Infrastructure | undefined;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-infrastructure-'));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

afterAll(async () => {
  // Without Java, Kafka's data are in a volume of Docker's.
  await emptyFolder(dir);
  rmSync(dir, { recursive: true });
});

/** Kafka's own mark on its folder; without Java there is none, for then it keeps its data in a volume of Docker's. */
function cluster(): string | undefined {
  const path = join(dir, 'kafka', 'data', 'meta.properties');
  return existsSync(path) ? /cluster\.id=.*/.exec(readFileSync(path, 'utf8'))?.[0] : undefined;
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL and Kafka', () => {
  it('PostgreSQL and Kafka keep their data over a restart, and end with their starter', async () => {
    const first = (running = await startInfrastructure({ dir }));
    await query(first.postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const clusterId = cluster();
    const processes = readRun(dir)?.processes ?? [];
    expect(processes.map(({ name }) => name).sort()).toEqual(['kafka', 'postgres']);
    await first.stop();
    expect(processes.filter(isRunning)).toEqual([]);
    expect(readRun(dir)).toBeUndefined();

    running = await startInfrastructure({ dir });
    expect(await query(running.postgres.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(cluster()).toBe(clusterId);
  });

  it('PostgreSQL and Kafka start again after kill -9 of their starter, and the old processes are ended', async () => {
    const { killed, left } = await startAndKillStarter();
    expect(left.filter(isRunning)).toHaveLength(2);
    running = await startInfrastructure({ dir });
    expect(left.filter(isRunning)).toEqual([]);
    expect(killed).toBe('SIGKILL');
    expect(await query(running.postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('PostgreSQL and Kafka start again after they were killed', async () => {
    const first = await startInfrastructure({ dir });
    await query(first.postgres.url, 'CREATE TABLE survived AS SELECT 1');
    for (const { pid } of readRun(dir)?.processes ?? []) process.kill(pid, 'SIGKILL');
    await first.stop();
    running = await startInfrastructure({ dir });
    expect(await query(running.postgres.url, 'SELECT FROM survived')).toHaveLength(1);
  });

  it('an occupied port is reported with the setting that moves it', async () => {
    const port = await freePort();
    const squatter = createServer().listen(port, HOST);
    await once(squatter, 'listening');
    try {
      const start = startInfrastructure({ dir, kafkaPort: port });
      await expect(start).rejects.toThrow(PortTakenError);
      await expect(start).rejects.toThrow(
        `Port ${port} (Kafka) is taken by another program: set KAFKA_PORT to a free port.`,
      );
      expect(readRun(dir)).toBeUndefined();
    } finally {
      squatter.close();
    }
  });
});

describe('the databases', () => {
  it('a database lets only its own role in, and can be created again', async () => {
    running = await startInfrastructure({ dir });
    const wanted = [
      { name: 'backstep_a', password: 'one' },
      { name: 'backstep_b', password: 'two' },
    ];
    await createDatabases(running.postgres.url, wanted);
    const urls = await createDatabases(running.postgres.url, wanted);
    const [a = '', b = ''] = wanted.map(({ name }) => urls[name]);
    expect(await query(a, 'SELECT current_user AS me, current_database() AS here')).toEqual([
      { me: 'backstep_a', here: 'backstep_a' },
    ]);
    await query(a, 'CREATE TABLE mine (id int)');
    for (const other of [b.replace(/\/backstep_b$/, '/backstep_a'), a.replace(/\/backstep_a$/, '/postgres')]) {
      await expect(query(other, 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
    }
  });
});

/** A starter in a process of its own (the built package), killed as soon as both are up. */
async function startAndKillStarter() {
  const code = `import('@backstep/infrastructure').then(async ({ startInfrastructure }) => {
    await startInfrastructure({ dir: ${JSON.stringify(dir)} });
    console.log('up');
  });`;
  const env = { ...process.env, NODE_OPTIONS: '' };
  const starter = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'], env });
  await once(starter.stdout, 'data');
  const left = readRun(dir)?.processes ?? [];
  starter.kill('SIGKILL');
  const [, killed] = (await once(starter, 'exit')) as [number | null, NodeJS.Signals | null];
  return { killed, left };
}
