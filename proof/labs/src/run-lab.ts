import { randomBytes } from 'node:crypto';
import { UNIT_OF_WORK_SQL } from '@backstep/unit-of-work';
import pg from 'pg';
import { LABS, type LabName } from './catalogue.js';
import type { Lab, Scene } from './lab.js';
import { aba } from './labs/aba.js';
import { deadlock } from './labs/deadlock.js';
import { isolation } from './labs/isolation.js';
import { lostUpdate } from './labs/lost-update.js';
import { mvcc } from './labs/mvcc.js';
import { phantom } from './labs/phantom.js';
import { retryStorm } from './labs/retry-storm.js';
import { writeSkew } from './labs/write-skew.js';
import { zombieHolder } from './labs/zombie-holder.js';
import type { LabReport, SceneReport } from './report.js';
import { Stage } from './stage.js';

const BY_NAME: Readonly<Record<LabName, Lab>> = {
  'lost-update': lostUpdate,
  'write-skew': writeSkew,
  deadlock,
  aba,
  mvcc,
  isolation,
  phantom,
  'retry-storm': retryStorm,
  'zombie-holder': zombieHolder,
};

export interface LabOptions {
  /** A PostgreSQL, and a login that may create databases. */
  readonly url: string;
  /** Default: true. Otherwise only the side without the protection is played. */
  readonly withProtection?: boolean;
  /** How long one step may take, milliseconds. Default: 10,000. */
  readonly stepWithinMs?: number;
  /** SQL that runs once the tables are there. For specs, which keep the sessions from interleaving by it. */
  readonly prepare?: string;
  /** Ends the lab early. */
  readonly signal?: AbortSignal;
}

const STEP_WITHIN_MS = 10_000;

/**
 * Plays a lab on a real PostgreSQL, in a database of its own that is dropped afterwards, also after a failure.
 * @throws NotShownError when the sessions did not interleave as the lab leads them, or the outcome is another; the driver's error when
 * PostgreSQL cannot be reached (ECONNREFUSED) or the login may not create databases (42501)
 */
export async function runLab(name: LabName, options: LabOptions): Promise<LabReport> {
  const lab = BY_NAME[name];
  const about = LABS.find((one) => one.name === name)?.about ?? '';
  const { withProtection = true } = options;
  return inOwnDatabase(options.url, async (url) => {
    await run(url, [UNIT_OF_WORK_SQL, lab.tables, options.prepare ?? ''].join(';'));
    const scenes: SceneReport[] = [];
    const play = async (all: Lab['with'], isProtected: boolean): Promise<void> => {
      for (const scene of [all].flat()) scenes.push(await playScene(lab, scene, isProtected, url, options));
    };
    if (!withProtection || !lab.oneScene) await play(lab.without, false);
    if (withProtection) await play(lab.with, true);
    return { name, about, scenes };
  });
}

async function playScene(
  { entities, rows }: Lab,
  scene: Scene,
  withProtection: boolean,
  url: string,
  { stepWithinMs = STEP_WITHIN_MS, signal }: LabOptions,
): Promise<SceneReport> {
  signal?.throwIfAborted();
  await run(url, rows);
  const stage = new Stage({ url, entities, stepWithinMs });
  let broken = true;
  try {
    await unlessAborted(scene.play(stage), signal);
    broken = false;
  } finally {
    await stage.clear(broken);
  }
  const { partyNames, steps, shown, anomalies } = stage;
  return {
    title: scene.title,
    withProtection,
    parties: partyNames,
    steps,
    shown,
    ...(anomalies && { anomalies }),
  };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}

async function inOwnDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `backstep_lab_${randomBytes(6).toString('hex')}`;
  await run(serverUrl, `CREATE DATABASE ${name}`);
  try {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'lab' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
