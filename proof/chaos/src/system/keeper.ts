import { setTimeout as delay } from 'node:timers/promises';
import { readRun, type System } from '@backstep/infrastructure';
import type { Story } from '../story.js';
import { within } from '../waiting.js';

const LOOK_EVERY_MS = 400;
/** After a start that failed: PostgreSQL on a full disk, for example. */
const AFTER_FAILURE_MS = 1_500;
/** Nine processes and what they wait for, on a machine that does other things too. */
const ALL_UP_WITHIN_MS = 180_000;

/** What an orchestrator of containers does: starts again what has died, however it died, unless a fault wants it down. */
export class Keeper {
  /** How often something was started again. */
  restarts = 0;
  /** How many faults want it down. */
  private readonly down = new Map<string, number>();
  private readonly starting = new Set<string>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly system: System,
    private readonly dir: string,
    /** Everything that is to run: `order`, `order-2`, `kafka`, … */
    readonly names: readonly string[],
    private readonly story: Story,
  ) {}

  start(): void {
    this.loop = this.watch();
  }

  /** No more starts; those under way are left to the system's stop. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Ends processes at once and keeps them down until `up`. What is down already stays down. */
  async take(names: readonly string[], signal: NodeJS.Signals): Promise<void> {
    for (const name of names) this.down.set(name, (this.down.get(name) ?? 0) + 1);
    await Promise.all(names.map((name) => this.end(name, signal)));
  }

  /** Lets them be started again; resolves at once. */
  letUp(names: readonly string[]): void {
    for (const name of names) this.down.set(name, Math.max(0, (this.down.get(name) ?? 0) - 1));
  }

  running(): ReadonlyMap<string, number> {
    const processes = readRun(this.dir)?.processes ?? [];
    return new Map(processes.map(({ name, pid }) => [name, pid]));
  }

  /** Sends a signal to those that run. */
  signal(names: readonly string[], signal: NodeJS.Signals): void {
    const running = this.running();
    for (const name of names) if (running.has(name)) this.system.signal(name, signal);
  }

  /** Waits until everything runs and no start is under way. @returns the names that do not, when it takes too long. */
  async allUp(): Promise<readonly string[]> {
    const missing = (): string[] => {
      const running = this.running();
      return this.names.filter((name) => !running.has(name) || this.starting.has(name));
    };
    const up = await within(ALL_UP_WITHIN_MS, () => Promise.resolve(missing().length === 0));
    return up ? [] : missing();
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<void> {
    if (!this.running().has(name)) return;
    try {
      await this.system.kill(name, signal);
    } catch (error) {
      // It died by itself between the look and the signal.
      if (!/does not run/.test(String(error))) throw error;
    }
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const running = this.running();
      for (const name of this.names) {
        const wanted = (this.down.get(name) ?? 0) === 0;
        if (wanted && !running.has(name) && !this.starting.has(name)) void this.revive(name);
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  private async revive(name: string): Promise<void> {
    this.starting.add(name);
    this.restarts += 1;
    try {
      await this.system.restart(name);
    } catch (error) {
      const wanted = (this.down.get(name) ?? 0) === 0 && !this.stopping.signal.aborted;
      if (wanted) this.story.tell(`  ${name} did not start: ${firstLine(error)}`);
      await delay(AFTER_FAILURE_MS);
    } finally {
      this.starting.delete(name);
    }
  }
}

const firstLine = (error: unknown): string => String((error as Error).message).split('\n')[0] ?? '';
