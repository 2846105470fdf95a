import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  FAULT_LIMITS,
  PAUSE_POINTS,
  type Fault,
  type FaultList,
  type FaultRequest,
  type FaultyProcess,
} from '@backstep/contracts/http';
import { comeAgain, type FieldError, ProblemError, PROBLEMS } from '@backstep/problems';
import { isRunning } from '../process-identity.js';
import type { Report } from '../report.js';
import { RESTART } from '../restart-policy.js';
import { isInfrastructure } from '../run-file.js';
import type { SupervisedProcess, Supervisor } from '../supervisor.js';
import { type Effect, effectOf, type Hands, type Victim } from './effects.js';
import type { FaultFolders } from './folders.js';

/** So many may be on at once: a person watches no more, and each holds a timer. */
export const FAULTS_MAX = 8;
/** Of those that are over, the latest are shown. */
const OVER_MAX = 50;
/** The gateway asks for its own death, and is to answer first. */
const ANSWER_FIRST_MS = 250;

const PROVIDER = 'payment-provider';
const NO_PAUSE_POINTS = /^(payment-provider|gateway)(-\d+)?$/;
/** The gateway's process, or one that it is in. */
const HAS_GATEWAY = /^(gateway|host)(-\d+)?$/;

interface Made {
  readonly id: string;
  readonly request: FaultRequest;
  readonly victim: Victim;
  readonly effect: Effect;
  readonly startedAt: number;
  readonly healsAt: number | undefined;
  readonly timer: NodeJS.Timeout | undefined;
  endedAt: number | undefined;
}

/**
 * Makes faults in the services of one supervisor, and takes each of them back: when its time is over, when it is told to, and when everything
 * stops. The timers are here, so that a fault heals whatever becomes of who asked for it.
 */
export class Faults {
  private made: Made[] = [];
  private isStopped = false;
  private readonly hands: Hands;

  constructor(
    private readonly supervisor: Pick<Supervisor, 'processes' | 'kill'>,
    folders: FaultFolders,
    private readonly report: Report,
  ) {
    this.hands = {
      ...folders,
      kill: (name) => void this.supervisor.kill(name, 'SIGKILL', RESTART).catch(() => undefined),
      processOf: (name) => this.processes().find((one) => one.name === name),
    };
    // What a starter left that was killed.
    rmSync(folders.pauseDir, { recursive: true, force: true });
    rmSync(folders.ailmentFile, { force: true });
  }

  /** @throws ProblemError `validation` naming the field; `conflict` when it cannot be made now; `tooManyRequests` */
  make(request: FaultRequest): Fault {
    if (this.isStopped) throw new ProblemError(PROBLEMS.conflict, { detail: 'Everything is being stopped.' });
    this.settle();
    const victim = this.victimOf(request);
    this.refuseWhatClashes(request);
    const startedAt = Date.now();
    const healsAt = request.kind === 'kill' ? undefined : startedAt + (request.forMs ?? FAULT_LIMITS.forMs.default);
    const id = randomUUID();
    const made: Made = {
      ...{ id, request, victim, startedAt, healsAt, endedAt: undefined },
      effect: this.begin(request, victim, healsAt ?? 0),
      timer: healsAt === undefined ? undefined : setTimeout(() => this.heal(id), healsAt - startedAt),
    };
    this.made.push(made);
    // A process that has ended is not paused any more; what it is told by files outlives it.
    if (request.kind !== 'kill' && request.kind !== 'provider') void victim.child.exited.then(() => this.settle());
    return this.shown(made);
  }

  /** @returns undefined when there is no such fault. One that is over stays as it is. */
  heal(id: string): Fault | undefined {
    const made = this.made.find((one) => one.id === id);
    if (made && made.endedAt === undefined && made.request.kind !== 'kill') this.end(made, Date.now());
    return made && this.shown(made);
  }

  /** @returns how many were on. A process that was killed is on its way back, which nobody can hasten. */
  healAll(): number {
    this.settle();
    const on = this.made.filter(({ endedAt, request }) => endedAt === undefined && request.kind !== 'kill');
    for (const made of on) this.end(made, Date.now());
    return on.length;
  }

  /** Takes everything back and makes nothing any more: before the processes are told to end, which one that stands still does not hear. */
  stop(): void {
    this.isStopped = true;
    this.healAll();
  }

  list(): FaultList {
    this.settle();
    return {
      processes: this.processes().map((one) => this.shownProcess(one)),
      items: [...this.made].reverse().map((made) => this.shown(made)),
      points: [...PAUSE_POINTS],
      faultsMax: FAULTS_MAX,
      takenAt: new Date().toISOString(),
    };
  }

  /** PostgreSQL and Kafka are not among them: what they lose is not one service's to show. */
  private processes(): readonly SupervisedProcess[] {
    return this.supervisor.processes().filter(({ name }) => !isInfrastructure(name));
  }

  private victimOf(request: FaultRequest): Victim {
    const wrong = wrongOf(request);
    if (wrong) throw refused(...wrong);
    const { service, pid } = request.target;
    const found = this.hands.processOf(service);
    if (!found) {
      const names = this.processes().map(({ name }) => name);
      throw refused('target.service', `names no process that was started here; there are ${names.join(', ')}`);
    }
    const { child } = found;
    if (!child?.running || !isRunning(child.identity)) throw conflict(`${service} is down.`);
    if (pid !== undefined && pid !== child.pid)
      throw conflict(`${service} has the pid ${child.pid}, not ${pid}: another process has taken its place.`);
    return { ...found, child };
  }

  private refuseWhatClashes({ kind, target, point }: FaultRequest): void {
    const on = this.made.filter(({ endedAt }) => endedAt === undefined);
    if (on.length >= FAULTS_MAX)
      throw comeAgain(PROBLEMS.tooManyRequests, { detail: `${FAULTS_MAX} faults are on: heal one first.` });
    const groups: Readonly<Record<FaultRequest['kind'], string>> = {
      ...{ pause: 'still', slow: 'still', kill: 'kill', provider: 'provider' },
      'pause-point': `at ${point}`,
    };
    const clashing = on.find(
      ({ request }) =>
        request.target.service === target.service && groups[request.kind] === groups[kind] && request.point === point,
    );
    if (clashing) throw conflict(`${target.service} has this already: ${clashing.effect.what}.`);
  }

  private begin(request: FaultRequest, victim: Victim, healsAt: number): Effect {
    const stops = ['kill', 'pause', 'slow'].includes(request.kind);
    if (!stops || !HAS_GATEWAY.test(victim.name)) return effectOf(request, victim, healsAt, this.hands);
    return later(
      () => effectOf(request, victim, healsAt, this.hands),
      `${request.kind} of ${victim.name}, in a moment`,
    );
  }

  /** Notes what is over by itself. */
  private settle(): void {
    for (const made of this.made) {
      if (made.endedAt !== undefined) continue;
      const { request, victim, effect } = made;
      if (request.kind === 'kill') {
        if (effect.state?.() === 'over') this.end(made, this.hands.processOf(victim.name)?.readyAt ?? Date.now());
      } else if (request.kind === 'pause-point') {
        // One that was not reached yet waits for the next process of its name.
        if (!victim.child.running && effect.state?.() === 'on') this.end(made, Date.now());
      } else if (request.kind !== 'provider' && !victim.child.running) this.end(made, Date.now());
    }
  }

  private end(made: Made, at: number): void {
    clearTimeout(made.timer);
    made.endedAt = at;
    try {
      made.effect.heal();
    } catch (error) {
      // A timer has nobody to throw to, and the starter is not to end for it.
      this.report.note(`✗ ${made.effect.what}: it could not be taken back: ${(error as Error).message}`);
    }
    const over = this.made.filter(({ endedAt }) => endedAt !== undefined);
    const dropped = new Set(over.slice(0, Math.max(0, over.length - OVER_MAX)));
    this.made = this.made.filter((one) => !dropped.has(one));
  }

  private shown({ id, request, victim, effect, startedAt, healsAt, endedAt }: Made): Fault {
    return {
      id,
      kind: request.kind,
      target: { service: victim.name, pid: victim.child.pid },
      what: effect.what,
      state: endedAt !== undefined ? 'over' : (effect.state?.() ?? 'on'),
      startedAt: new Date(startedAt).toISOString(),
      healsAt: healsAt === undefined ? null : new Date(healsAt).toISOString(),
      endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    };
  }

  private shownProcess(one: SupervisedProcess): FaultyProcess {
    const { name, child, starts, readyAt } = one;
    return {
      service: name,
      pid: child?.pid ?? null,
      state: !child ? 'down' : readyAt < child.startedAt ? 'starting' : (this.disturbanceOf(one) ?? 'up'),
      startedAt: child ? new Date(child.startedAt).toISOString() : null,
      restarts: Math.max(0, starts - 1),
    };
  }

  private disturbanceOf({ name }: SupervisedProcess): FaultyProcess['state'] | undefined {
    const on = this.made.filter(({ endedAt, victim }) => endedAt === undefined && victim.name === name);
    const has = (kind: FaultRequest['kind']): boolean =>
      on.some(({ request, effect }) => request.kind === kind && (effect.state?.() ?? 'on') === 'on');
    return has('pause') ? 'paused' : has('slow') ? 'slow' : has('pause-point') ? 'held' : undefined;
  }
}

const conflict = (detail: string): ProblemError => new ProblemError(PROBLEMS.conflict, { detail });

function refused(field: string, message: string): ProblemError {
  const pointer = `#/${field.replaceAll('.', '/')}`;
  const errors: readonly FieldError[] = [{ in: 'body', field, pointer, message }];
  return new ProblemError(PROBLEMS.validation, { detail: `${field}: ${message}`, errors });
}

/** What the kind needs and does not have, or has and does not know. */
function wrongOf({
  kind,
  target,
  forMs,
  level,
  point,
  ailment,
}: FaultRequest): [field: string, message: string] | undefined {
  if (kind === 'kill' && forMs !== undefined)
    return ['forMs', 'is not for a kill: the process comes back when it is ready'];
  if (kind !== 'slow' && level !== undefined) return ['level', 'is for slow alone'];
  if (kind !== 'pause-point' && point !== undefined) return ['point', 'is for pause-point alone'];
  if (kind === 'pause-point' && point === undefined) return ['point', 'is missing'];
  if (kind !== 'provider' && ailment !== undefined) return ['ailment', 'is for provider alone'];
  if (kind === 'provider' && target.service !== PROVIDER) return ['target.service', `must be ${PROVIDER}`];
  if (kind === 'pause-point' && NO_PAUSE_POINTS.test(target.service))
    return ['target.service', 'has no pause points: they are in the services that have a database'];
  return undefined;
}

/** Begins in a moment, when who asked has been answered. */
function later(begin: () => Effect, what: string): Effect {
  let begun: Effect | undefined;
  const timer = setTimeout(() => (begun = begin()), ANSWER_FIRST_MS);
  return {
    get what() {
      return begun?.what ?? what;
    },
    state: () => begun?.state?.() ?? 'on',
    heal: () => {
      clearTimeout(timer);
      begun?.heal();
    },
  };
}
