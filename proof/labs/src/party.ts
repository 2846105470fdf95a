import { DataSource } from 'typeorm';
import { Tables, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { DEFAULT_LIMITS, HOT_PATH_SETTINGS, UnitOfWork } from '@backstep/unit-of-work';
import pg from 'pg';
import { NotShownError } from './errors.js';
import type { Step } from './report.js';

/** What a party needs of its stage. */
export interface Surroundings {
  readonly url: string;
  readonly entities: readonly (new () => object)[];
  readonly steps: Step[];
  /** Whether a session of this name waits for a lock, as PostgreSQL says. */
  isWaiting(name: string): Promise<boolean>;
  /** Waits for a condition. @throws NotShownError when it does not come true in time, or `over` does first */
  until(what: string, condition: () => boolean | Promise<boolean>, over?: () => boolean): Promise<void>;
}

export type Outcome<T> = { readonly value: T } | { readonly error: Error };

/** Holds a script at a named point, the first time that it comes there, until the lab lets it go on. */
export type Pause = (point: string) => Promise<void>;

/**
 * One of those who write at the same time: sessions of its own, a column of its own in the timeline. A lab leads its parties step by step;
 * each step ends on a condition, never on a time.
 */
export class Party {
  private outcome: Outcome<unknown> | undefined;
  private readonly passed = new Set<string>();
  private held: { readonly point: string; readonly letGo: () => void } | undefined;
  private leader: Party | undefined;
  private brokenOff = false;
  private readonly unwritten: string[] = [];
  private readonly closing: (() => Promise<unknown>)[] = [];

  constructor(
    readonly name: string,
    private readonly stage: Surroundings,
  ) {}

  /** Writes a step down. */
  note(what: string): void {
    if (this.leader) this.unwritten.push(what);
    else this.stage.steps.push({ by: this.name, what });
  }

  /**
   * What this party does from now on is caused by what `leader` commits: it is written down after that, although both may hear from PostgreSQL
   * at the same moment. {@link isFree} ends it.
   */
  follows(leader: Party): void {
    this.leader = leader;
  }

  isFree(): void {
    this.leader = undefined;
    for (const what of this.unwritten.splice(0)) this.note(what);
  }

  /** Starts a script, which runs until it pauses, waits for a lock, or ends. */
  begins(script: (pause: Pause) => Promise<unknown>): void {
    this.outcome = undefined;
    this.passed.clear();
    script((point) => this.pause(point)).then(
      (value) => (this.outcome = { value }),
      (error: unknown) => (this.outcome = { error: error instanceof Error ? error : new Error(String(error)) }),
    );
  }

  /** @throws NotShownError when the script ends before it comes there */
  async comesTo(point: string): Promise<void> {
    await this.stage.until(`${this.name} comes to "${point}"`, () => this.held?.point === point, this.isOver);
  }

  /** Resolves when PostgreSQL says that this party waits for a lock. @throws NotShownError when the script ends without a wait */
  async waitsForLock(): Promise<void> {
    await this.stage.until(`${this.name} waits for a lock`, () => this.stage.isWaiting(this.name), this.isOver);
  }

  /** Lets the script go on, and waits for its end. @throws NotShownError when it does not come */
  async ends<T = unknown>(): Promise<Outcome<T>> {
    this.held?.letGo();
    await this.stage.until(`${this.name} ends`, this.isOver);
    return this.outcome as Outcome<T>;
  }

  /** The same, for a script that must not fail. @throws NotShownError when it fails, or does not end */
  async succeeds<T = unknown>(): Promise<T> {
    const outcome = await this.ends<T>();
    if ('error' in outcome) {
      const { error } = outcome;
      if (error instanceof NotShownError) throw error;
      throw new NotShownError(`${this.name} was to succeed, and failed: ${error.message}`, { cause: error });
    }
    return outcome.value;
  }

  /** Runs one step to its end and writes it down. @throws NotShownError when it fails, or does not end as it waits for another */
  async does<T>(step: () => Promise<T>, what: string | ((value: T) => string)): Promise<T> {
    this.begins(step);
    const value = await this.succeeds<T>();
    this.note(typeof what === 'string' ? what : what(value));
    return value;
  }

  /** A session for plain SQL. */
  async client(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.stage.url, application_name: this.name });
    client.on('error', () => undefined);
    await client.connect();
    this.closing.push(() => client.end());
    return client;
  }

  /** TypeORM, with sessions of this party. */
  async dataSource(): Promise<DataSource> {
    const { url, entities } = this.stage;
    const dataSource = await new DataSource({
      type: 'postgres',
      url,
      entities: [...entities],
      applicationName: this.name,
      poolSize: 2,
    }).initialize();
    this.closing.push(() => dataSource.destroy());
    return dataSource;
  }

  /** The kit's unit of work, with sessions of this party. @param conflict hears each lost attempt */
  async unitOfWork(conflict: (cause: Error) => void = () => undefined): Promise<UnitOfWork> {
    const pool = new pg.Pool({
      connectionString: this.stage.url,
      application_name: this.name,
      options: HOT_PATH_SETTINGS,
      max: 2,
    });
    pool.on('error', () => undefined);
    const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
    this.closing.push(() => relay.stop(0).then(() => pool.end()));
    const tables = new Tables(await this.dataSource());
    const environment = { tables, source: 'lab', shardOf: () => 0, now: Date.now };
    return new UnitOfWork(pool, environment, relay, DEFAULT_LIMITS, { conflict });
  }

  /** Lets the script run to its end, without any further pause. */
  breaksOff(): void {
    this.brokenOff = true;
    this.held?.letGo();
  }

  /** Closes the sessions. */
  async leaves(): Promise<void> {
    await Promise.allSettled(this.closing.splice(0).map((close) => close()));
  }

  private readonly isOver = (): boolean => this.outcome !== undefined;

  private async pause(point: string): Promise<void> {
    if (this.brokenOff || this.passed.has(point)) return;
    this.passed.add(point);
    await new Promise<void>((resolve) => {
      this.held = { point, letGo: resolve };
    });
    this.held = undefined;
  }
}

/** The error of an outcome. @throws NotShownError when there is none */
export function errorOf(outcome: Outcome<unknown>, what: string): Error {
  if ('error' in outcome) return outcome.error;
  throw new NotShownError(`${what} was to be refused, and was not`);
}
