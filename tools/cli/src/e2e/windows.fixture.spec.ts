import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { system } from './shared-system.fixture.spec.js';

/** The windows of docs/pause-points.md, in the processes of a shared system: where one is held, so that it can be killed there. */
export const PROCESSES = ['order', 'inventory', 'payment', 'shipment', 'orchestrator'] as const;
export type Process = (typeof PROCESSES)[number];

/** A process, and where it dies. */
export interface Place {
  /** As in docs/pause-points.md. */
  readonly name: string;
  readonly dies: Process;
}

export interface Hold {
  reached(): boolean | Promise<boolean>;
  release(): void | Promise<void>;
}

/** How long a process may take to come to its window, milliseconds. */
export const REACHED_WITHIN_MS = 60_000;

const pauseDir = mkdtempSync(join(tmpdir(), 'backstep-windows-'));

/** What the processes must be started with. By Kafka alone: processes that hand over die in specs of their own. */
export const PAUSABLE = Object.fromEntries(
  PROCESSES.map((process) => {
    mkdirSync(join(pauseDir, process));
    // A commit that ends after the death of its process leaves rows that only age tells from those under way.
    return [process, { BACKSTEP_PAUSE_DIR: join(pauseDir, process), EXPRESS: 'false', OUTBOX_LEFTOVER_MS: '1000' }];
  }),
);

/** Each window has one process that can stand in it. */
export async function leaveOneOfEach(): Promise<void> {
  const { processes } = system.environment();
  const second = PROCESSES.filter((name) => (processes[name]?.length ?? 0) > 1).map((name) => `${name}-2`);
  await Promise.all(second.map((name) => system.kill(name, 'SIGKILL')));
}

/** Call it after the last chapter. */
export const removePauseDir = (): void => rmSync(pauseDir, { recursive: true, force: true });

export function holdAtPausePoint({ name, dies }: Place): Hold {
  const file = join(pauseDir, dies, name);
  writeFileSync(`${file}.armed`, '');
  return { reached: () => existsSync(`${file}.reached`), release: () => rmSync(`${file}.reached`, { force: true }) };
}

export interface ProviderIntent {
  readonly captured: number;
  readonly refunded: number;
}

/** What the provider has done for an order. */
export async function providerIntents(orderId: string): Promise<readonly ProviderIntent[]> {
  const answer = await fetch(`${system.environment().provider}/ledger?orderId=${orderId}`);
  return ((await answer.json()) as { intents: ProviderIntent[] }).intents;
}
