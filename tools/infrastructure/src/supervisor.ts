import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, type Child, type Children, type ChildSpec, type Exit } from './children.js';
import { ProcessEndedError } from './errors.js';
import type { Report } from './report.js';
import { RestartBudget, type RestartPolicy } from './restart-policy.js';

/** Something that can be started, known to be ready, and started again with the data it had. */
export interface Program {
  readonly spec: ChildSpec;
  /** Done before each start. */
  before?(): Promise<void>;
  /** Resolves when it serves. @throws ProcessEndedError when it ends first or takes too long. */
  ready(child: Child): Promise<void>;
  /** True when the reason it ended before it was ready passes by itself, so that it may be tried at once again. */
  mayTryAgain?(child: Child): boolean;
}

/** Bounds `mayTryAgain`. */
const START_ATTEMPTS = 20;
const BETWEEN_ATTEMPTS_MS = 100;
/** Of programs that start together, when one of them ends before they are ready. */
const TOGETHER_ATTEMPTS = 3;

export interface SupervisorOptions {
  readonly report: Report;
  /** Without one, what dies stays down. */
  readonly restart?: RestartPolicy;
  /** Called when the set of running processes has changed after a restart. */
  readonly onChange?: () => void;
}

/** One of those that were started, whether it runs now or not. */
export interface SupervisedProcess {
  readonly name: string;
  /** Undefined while it is down. */
  readonly child: Child | undefined;
  /** How often it has become ready, and when it did last, in ms since 1970; 0 before the first time. */
  readonly starts: number;
  readonly readyAt: number;
}

/** Starts programs and, when told to, starts those again that die. */
export class Supervisor {
  private readonly programs = new Map<string, Program>();
  private readonly budgets = new Map<string, RestartBudget>();
  private readonly starts = new Map<string, { readonly count: number; readonly lastAt: number }>();
  /** Those that were ended by `kill`, and how they are to come back: a death that somebody has asked for says nothing of the program. */
  private readonly killed = new WeakMap<Child, { readonly back: RestartPolicy | undefined }>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly children: Children,
    private readonly options: SupervisorOptions,
  ) {}

  /** Starts it and waits until it is ready. @throws ProcessEndedError, and whatever `before` throws. */
  start(program: Program): Promise<Child> {
    return this.startUnless(this.stopping.signal, program);
  }

  /**
   * Starts programs that are ready only together. The first that fails ends the others at once, which would wait for it in vain. When it ended
   * by itself, as a program does whose port was taken, that is told, and all begin again, `TOGETHER_ATTEMPTS` times in all.
   * @param make called for each attempt, which may have other ports
   * @throws what the first that failed has met, when all have ended
   */
  async startTogether(make: () => Promise<readonly Program[]>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.startAll(await make());
      } catch (error) {
        const again = error instanceof ProcessEndedError && error.byItself && attempt < TOGETHER_ATTEMPTS;
        if (!again) throw error;
        this.options.report.note(`✗ ${error.message}\n  It begins again, with all that start together with it.`);
      }
    }
  }

  private async startAll(programs: readonly Program[]): Promise<void> {
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, this.stopping.signal]);
    const starting = programs.map(async (program) => {
      try {
        await this.startUnless(signal, program);
      } catch (error) {
        failed.abort(error);
        await Promise.all(programs.map(async ({ spec }) => this.children.get(spec.name)?.stop()));
      }
    });
    await Promise.all(starting);
    failed.signal.throwIfAborted();
  }

  private async startUnless(aborted: AbortSignal, program: Program): Promise<Child> {
    this.programs.set(program.spec.name, program);
    for (let attempt = 1; ; attempt++) {
      await program.before?.();
      aborted.throwIfAborted();
      const child = await this.children.start(program.spec);
      try {
        await program.ready(child);
        const { name } = program.spec;
        this.starts.set(name, { count: (this.starts.get(name)?.count ?? 0) + 1, lastAt: Date.now() });
        void child.exited.then((exit) => this.ended(program, child, exit));
        return child;
      } catch (error) {
        if (!program.mayTryAgain?.(child) || attempt === START_ATTEMPTS) throw error;
        await delay(BETWEEN_ATTEMPTS_MS);
      }
    }
  }

  /** All that were started, in that order. */
  processes(): readonly SupervisedProcess[] {
    return [...this.programs.keys()].map((name) => {
      const { count = 0, lastAt = 0 } = this.starts.get(name) ?? {};
      return { name, child: this.children.get(name), starts: count, readyAt: lastAt };
    });
  }

  /**
   * Ends a process without grace and waits until it is gone. Where what dies is started again, this death does not count against it.
   * @param back how it is started again where what dies stays down
   * @throws when nothing of that name runs.
   */
  async kill(name: string, signal: NodeJS.Signals, back?: RestartPolicy): Promise<void> {
    const child = this.running(name);
    this.killed.set(child, { back });
    await child.kill(signal);
  }

  /** Sends a signal and does not wait: SIGSTOP, SIGCONT. @throws when nothing of that name runs. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.running(name).signal(signal);
  }

  /** Ends it well if it runs, and starts it again; waits until it is ready. @throws when the name was never started. */
  async restart(name: string): Promise<void> {
    const program = this.programs.get(name);
    if (!program) throw new Error(`there is no process ${name}; there are ${[...this.programs.keys()].join(', ')}`);
    await this.children.get(name)?.stop();
    await this.start(program);
    this.options.onChange?.();
  }

  /** Ends everything in order. Nothing is started any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.children.stopAll();
  }

  private running(name: string): Child {
    const child = this.children.get(name);
    if (!child) throw new Error(`${name} does not run`);
    return child;
  }

  private ended(program: Program, child: Child, exit: Exit): void {
    if (exit.expected || this.stopping.signal.aborted) return;
    const log = child.lastLines().map((line) => `\n    ${line}`);
    this.options.report.note(`✗ ${child.name} ${describeExit(exit)}. The end of ${child.logFile}:${log.join('')}`);
    const policy = this.options.restart ?? this.killed.get(child)?.back;
    if (!policy) return;
    // Nobody waits for this one: what goes wrong in it is told, not thrown.
    this.revive(program, child, policy).catch((error: Error) => {
      if (!this.stopping.signal.aborted) this.options.report.note(`✗ ${child.name} stays down: ${error.message}`);
    });
  }

  private async revive(program: Program, dead: Child, policy: RestartPolicy): Promise<void> {
    const { name } = program.spec;
    const { report } = this.options;
    const budget = this.budgets.get(name) ?? new RestartBudget(policy);
    this.budgets.set(name, budget);
    for (let isFirst = true; ; isFirst = false) {
      const pauseMs = isFirst && this.killed.has(dead) ? policy.baseMs : budget.died(Date.now());
      if (pauseMs === undefined) {
        report.note(`✗ ${name} died ${policy.deaths} times in ${policy.windowMs / 1000} s and stays down.`);
        return;
      }
      report.note(`  ${name} starts again in ${pauseMs / 1000} s`);
      await delay(pauseMs, undefined, { signal: this.stopping.signal });
      // Somebody may have started it by hand meanwhile.
      if (this.children.get(name)) return;
      try {
        await this.start(program);
        report.note(`✓ ${name} is back`);
        this.options.onChange?.();
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        report.note(`✗ ${(error as Error).message}`);
        await this.children.get(name)?.stop();
      }
    }
  }
}
