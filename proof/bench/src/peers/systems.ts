import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';
import { startBackstep } from './backstep/start.js';
import type { ComparedSystem } from './compared-system.js';
import { startDbos } from './dbos/start.js';
import { restateAbsence } from './restate/install.js';
import { startRestate } from './restate/start.js';

export const SYSTEM_NAMES = ['backstep', 'restate', 'dbos'] as const;
/** Backstep as it can be run, too. They are measured when they are asked for. */
export const VARIANT_NAMES = ['together', 'kafka-alone', 'together-kafka-alone'] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number] | (typeof VARIANT_NAMES)[number];

/** In the sequence in which they are run. */
export const SYSTEMS: Readonly<Record<SystemName, ComparedSystem>> = {
  backstep: {
    title: 'Backstep',
    ours: true,
    version: () => `commit ${commit()}`,
    start: startBackstep({ instances: 1, oneAtATime: false }),
  },
  together: {
    title: 'Backstep, one process',
    ours: true,
    version: () => `commit ${commit()}`,
    start: startBackstep({ instances: 1, hosts: 1, oneAtATime: false }),
  },
  'kafka-alone': {
    title: 'Backstep, by Kafka alone',
    ours: true,
    version: () => `commit ${commit()}`,
    start: startBackstep({ instances: 1, express: false, oneAtATime: false }),
  },
  'together-kafka-alone': {
    title: 'Backstep, one process, by Kafka alone',
    ours: true,
    version: () => `commit ${commit()}`,
    start: startBackstep({ instances: 1, hosts: 1, express: false, oneAtATime: false }),
  },
  restate: {
    title: 'Restate',
    ours: false,
    version: () =>
      `server ${declared('restate-server/package.json', '@restatedev/restate-server-linux-x64')}, SDK ${declared('package.json', '@restatedev/restate-sdk')}`,
    absence: () => restateAbsence(),
    start: startRestate,
  },
  dbos: {
    title: 'DBOS',
    ours: false,
    version: () => `SDK ${declared('package.json', '@dbos-inc/dbos-sdk')}`,
    start: startDbos,
  },
};

/** The version of a package in a manifest of the bench. */
function declared(manifest: string, name: string): string {
  const { devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'proof', 'bench', manifest), 'utf8'),
  ) as Readonly<Record<'devDependencies' | 'optionalDependencies', Readonly<Record<string, string>> | undefined>>;
  return { ...devDependencies, ...optionalDependencies }[name] ?? 'unknown';
}

/** Of the clone this runs in; `unknown` where there is no Git. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
