import pg from 'pg';
import { NotShownError } from './errors.js';
import { Party } from './party.js';
import type { Anomalies, Step } from './report.js';

/** How often a condition is looked at, milliseconds. */
const LOOK_EVERY_MS = 5;

export interface StageOptions {
  /** Of the lab's own database. */
  readonly url: string;
  readonly entities: readonly (new () => object)[];
  /** How long one step may take before the lab gives up, milliseconds. */
  readonly stepWithinMs: number;
}

/** Where one side of a lab is played: its parties, its timeline, and what is shown at its end. */
export class Stage {
  readonly steps: Step[] = [];
  readonly shown: string[] = [];
  /** Filled by labs that compare isolation levels. */
  anomalies: Anomalies | undefined;
  private readonly parties: Party[] = [];
  private readonly holders = new Set<pg.PoolClient>();
  private readonly pool: pg.Pool;

  constructor(private readonly options: StageOptions) {
    this.pool = new pg.Pool({ connectionString: options.url, application_name: 'lab', max: 4 });
    this.pool.on('error', () => undefined);
  }

  get partyNames(): readonly string[] {
    return this.parties.map(({ name }) => name);
  }

  party(name: string): Party {
    const { url, entities } = this.options;
    const party = new Party(name, {
      url,
      entities,
      steps: this.steps,
      isWaiting: (session) => this.isWaiting(session),
      until: (what, condition, over) => this.until(what, condition, over),
    });
    this.parties.push(party);
    return party;
  }

  async rows<R extends object>(sql: string, values: unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(sql, values)).rows;
  }

  /** The first row. @throws NotShownError when there is none */
  async row<R extends object>(sql: string, values: unknown[] = []): Promise<R> {
    const [row] = await this.rows<R>(sql, values);
    if (!row) throw new NotShownError(`no row: ${sql}`);
    return row;
  }

  /** Locks rows in a transaction of the lab's own, so that all parties have read before any of them writes. */
  async holdsBack(lockingSelect: string): Promise<{ release(): Promise<void> }> {
    const client = await this.pool.connect();
    this.holders.add(client);
    await client.query('BEGIN');
    await client.query(lockingSelect);
    return {
      release: async () => {
        this.holders.delete(client);
        await client.query('COMMIT');
        client.release();
      },
    };
  }

  /** Says at the end of the timeline what its steps have shown. */
  says(sentence: string): void {
    this.shown.push(sentence);
  }

  /** Says at the end of the timeline what is so. @throws NotShownError when it is not so */
  shows(isSo: boolean, sentence: string): void {
    if (!isSo) throw new NotShownError(`this did not happen: ${sentence}`);
    this.says(sentence);
  }

  /** Ends all sessions. @param broken some of them may be in the middle of something, or wait for each other */
  async clear(broken: boolean): Promise<void> {
    for (const holder of this.holders) holder.release(true);
    if (broken) {
      for (const party of this.parties) party.breaksOff();
      await this.rows(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ANY($1)',
        [this.partyNames],
      );
    }
    for (const party of this.parties) await party.leaves();
    await this.pool.end();
  }

  private async isWaiting(session: string): Promise<boolean> {
    const { waiting } = await this.row<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock') AS waiting`,
      [session],
    );
    return waiting;
  }

  private async until(
    what: string,
    condition: () => boolean | Promise<boolean>,
    over: () => boolean = () => false,
  ): Promise<void> {
    const { stepWithinMs } = this.options;
    const last = performance.now() + stepWithinMs;
    while (!(await condition())) {
      if (over()) throw new NotShownError(`this did not happen: ${what} (it went on to its end instead)`);
      if (performance.now() > last) throw new NotShownError(`this did not happen within ${stepWithinMs} ms: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
