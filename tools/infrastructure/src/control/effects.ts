import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FAULT_LIMITS, type Fault, type FaultRequest } from '@backstep/contracts/http';
import { isRunning } from '../process-identity.js';
import type { SupervisedProcess } from '../supervisor.js';
import { type FaultFolders, pauseDirOf } from './folders.js';

/** What a fault does to a process that runs. Made by `effectOf`, which begins it. */
export interface Effect {
  readonly what: string;
  /** Undefined: it lasts as long as it was asked for. */
  state?(): Fault['state'];
  /** Takes it back. Called once, also when its process is gone. */
  heal(): void;
}

/** A process that runs. */
export type Victim = SupervisedProcess & { readonly child: NonNullable<SupervisedProcess['child']> };

export interface Hands extends FaultFolders {
  /** Ends the process. Whoever starts it again, does. */
  kill(name: string): void;
  /** As it is now. */
  processOf(name: string): SupervisedProcess | undefined;
}

/** A cycle of a slow process: some of it stopped, the rest of it not. */
const CYCLE_MS = 250;

/** Begins a fault. The request has been checked: the victim runs, and what the kind needs is there. */
export function effectOf(request: FaultRequest, victim: Victim, healsAt: number, hands: Hands): Effect {
  switch (request.kind) {
    case 'kill':
      return kill(victim, hands);
    case 'pause':
      return pause(victim);
    case 'slow':
      return slow(victim, request.level ?? FAULT_LIMITS.level.default);
    case 'pause-point':
      return hold(victim, request.point ?? '', hands);
    case 'provider':
      return ail(victim, request.ailment ?? 'silent', healsAt, hands);
  }
}

function kill({ name, child, starts }: Victim, hands: Hands): Effect {
  // While it runs, the name is its own.
  if (child.running) hands.kill(name);
  return {
    what: `SIGKILL to ${name} (pid ${child.pid})`,
    state: () => ((hands.processOf(name)?.starts ?? 0) > starts ? 'over' : 'on'),
    heal: () => undefined,
  };
}

/** To this process alone: another one that was given its pid meanwhile is somebody else's. */
function signal({ child }: Victim, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (child.running && isRunning(child.identity)) child.signal(name);
}

function pause(victim: Victim): Effect {
  signal(victim, 'SIGSTOP');
  return {
    what: `SIGSTOP to ${victim.name} (pid ${victim.child.pid}): it stands still, its connections stay open`,
    heal: () => signal(victim, 'SIGCONT'),
  };
}

function slow(victim: Victim, level: number): Effect {
  const stoppedMs = (CYCLE_MS * level) / 100;
  let timer: NodeJS.Timeout;
  const stop = (): void => {
    signal(victim, 'SIGSTOP');
    timer = setTimeout(goOn, stoppedMs);
  };
  const goOn = (): void => {
    signal(victim, 'SIGCONT');
    timer = setTimeout(stop, CYCLE_MS - stoppedMs);
  };
  stop();
  return {
    what: `${victim.name} (pid ${victim.child.pid}) stands still ${level} % of the time`,
    heal: () => {
      clearTimeout(timer);
      signal(victim, 'SIGCONT');
    },
  };
}

function hold({ name, child }: Victim, point: string, { pauseDir }: Hands): Effect {
  const path = join(pauseDirOf(pauseDir, name), point);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(`${path}.reached`, { force: true });
  writeFileSync(`${path}.armed`, '');
  return {
    what: `${name} (pid ${child.pid}) is held when it comes to ${point}`,
    state: () => (existsSync(`${path}.reached`) ? 'on' : 'waiting'),
    // Whoever is held goes on when the file is gone.
    heal: () => {
      for (const end of ['armed', 'reached']) rmSync(`${path}.${end}`, { force: true });
    },
  };
}

function ail({ name }: Victim, ailment: string, healsAt: number, { ailmentFile }: Hands): Effect {
  const next = `${ailmentFile}.next`;
  mkdirSync(dirname(ailmentFile), { recursive: true });
  // Its own end is in it: it heals also when nobody is left to remove it.
  writeFileSync(next, JSON.stringify({ ailment, until: healsAt }));
  renameSync(next, ailmentFile);
  return {
    what: ailment === 'silent' ? `${name} takes requests and answers none` : `${name} answers 500`,
    heal: () => rmSync(ailmentFile, { force: true }),
  };
}
