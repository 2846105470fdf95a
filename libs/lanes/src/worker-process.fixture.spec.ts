import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * A worker in a process of its own (no spec itself), which can be killed. It runs the compiled packages, and the jars of the specs. With
 * `KILL_AT` it kills itself with SIGKILL the n-th time that it reaches a pause point.
 */
const WORKER = `
  const { Tables } = await import('@backstep/concurrency');
  const { OutboxRelay } = await import('@backstep/outbox');
  const { armPausePoints } = await import('@backstep/resilience');
  const { DEFAULT_LIMITS, HOT_PATH_SETTINGS, UnitOfWork } = await import('@backstep/unit-of-work');
  const { EVERYBODY, Lane, lane, LANE_ENTITIES, ownerBy } = await import('@backstep/lanes');
  const { NamedLocks } = await import('@backstep/locks');
  const { DataSource } = await import('typeorm');
  const { default: pg } = await import('pg');
  const { DATABASE_URL: url, KILL_AT = '', BATCH, LEASE_MS } = process.env;
  const [point, times] = KILL_AT.split(' ');
  let reached = 0;
  if (point) {
    armPausePoints(async (name) => {
      if (name === point && ++reached === Number(times)) process.kill(process.pid, 'SIGKILL');
    });
  }
  const dataSource = await new DataSource({ type: 'postgres', url, entities: [Jar, Moved, ...LANE_ENTITIES], poolSize: 1 }).initialize();
  const pool = new pg.Pool({ connectionString: url, max: 3, options: HOT_PATH_SETTINGS });
  const relay = new OutboxRelay(pool, { publish: async () => undefined });
  const environment = { tables: new Tables(dataSource), source: 'worker', shardOf: () => 0, now: Date.now };
  const unitOfWork = new UnitOfWork(pool, environment, relay, { ...DEFAULT_LIMITS, conflictsMax: 1_000 });
  const owner = LEASE_MS ? ownerBy(new NamedLocks({ executor: pool }), Number(LEASE_MS)) : EVERYBODY;
  const { worker } = new Lane(lane('moves', move, { batch: Number(BATCH) }), { unitOfWork, executor: pool, owner });
  console.log('ready');
  for (;;) {
    await worker.poll();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
`;

const domain = (): string => {
  const source = readFileSync(new URL('jars.fixture.spec.ts', import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      experimentalDecorators: true,
      useDefineForClassFields: false,
    },
  });
  return outputText;
};

export interface WorkerProcess {
  readonly ready: Promise<unknown>;
  /** Resolves with the signal that ended it. @throws Error with what it wrote to stderr, when it ended by itself */
  readonly ended: Promise<NodeJS.Signals>;
  kill(): void;
}

/**
 * @param killAt a pause point, and how often it is reached before the process kills itself: `batch.after-commit 3`
 * @param leaseMs of the lane's lock. Default: there is none, and every worker applies entries
 */
export function startWorker(
  databaseUrl: string,
  { batch, killAt = '', leaseMs }: { batch: number; killAt?: string; leaseMs?: number | undefined },
): WorkerProcess {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `${domain()}\n${WORKER}`], {
    cwd: new URL('..', import.meta.url),
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: databaseUrl,
      KILL_AT: killAt,
      BATCH: String(batch),
      LEASE_MS: String(leaseMs ?? ''),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const ended = once(child, 'exit').then(([code, signal]) => {
    if (signal === null) throw new Error(`a worker ended with ${String(code)}: ${errors}`);
    return signal as NodeJS.Signals;
  });
  return {
    ready: Promise.race([once(child.stdout, 'data'), ended]),
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}
