import { translate, type Executor } from '@backstep/concurrency';
import type { LaneEntry } from './lane-entry.entity.js';

/** What a turn reads of an entry. */
export interface QueuedEntry {
  readonly key: string;
  readonly input: unknown;
}

/** How many entries wait. */
export interface Waiting {
  /** At most what was asked for. */
  readonly queued: number;
  /** 0 when none waits. */
  readonly oldestAgeMs: number;
}

const COLUMNS =
  'key, lane, state, input, answer, problem, cause, attempts, queued_at AS "queuedAt", settled_at AS "settledAt", version::float8 AS version';

/** The statements of lanes outside of the unit of work. They read, or delete what nobody needs any more. */
export class LaneStore {
  constructor(private readonly executor: Executor) {}

  /** The oldest queued entries of a lane, in order. */
  oldest(lane: string, limit: number): Promise<QueuedEntry[]> {
    return this.query<QueuedEntry>(
      `/* lane.oldest */ SELECT key, input FROM lane_entry WHERE lane = $1 AND state = 'QUEUED' ORDER BY seq LIMIT $2`,
      [lane, limit],
    );
  }

  async isEmpty(lane: string): Promise<boolean> {
    const found = await this.query(
      `/* lane.any */ SELECT 1 FROM lane_entry WHERE lane = $1 AND state = 'QUEUED' ORDER BY seq LIMIT 1`,
      [lane],
    );
    return found.length === 0;
  }

  /** @param limit entries that are counted at most */
  async waiting(lane: string, limit: number): Promise<Waiting> {
    const [counted] = await this.query<Waiting>(
      `/* lane.waiting */ SELECT count(*)::int AS queued,
         coalesce(greatest(0, extract(epoch FROM now() - min(queued_at)) * 1000), 0)::float8 AS "oldestAgeMs"
       FROM (SELECT queued_at FROM lane_entry WHERE lane = $1 AND state = 'QUEUED' ORDER BY seq LIMIT $2) AS oldest`,
      [lane, limit],
    );
    return counted ?? { queued: 0, oldestAgeMs: 0 };
  }

  async find(key: string): Promise<LaneEntry | undefined> {
    const [found] = await this.query<LaneEntry>(`/* lane.find */ SELECT ${COLUMNS} FROM lane_entry WHERE key = $1`, [
      key,
    ]);
    return found;
  }

  /** @returns those of the keys that are not queued (any more) */
  async settledAmong(keys: readonly string[]): Promise<string[]> {
    const queued = await this.query<{ key: string }>(
      `/* lane.queued-among */ SELECT key FROM lane_entry WHERE key = ANY($1::text[]) AND state = 'QUEUED'`,
      [keys],
    );
    const still = new Set(queued.map(({ key }) => key));
    return keys.filter((key) => !still.has(key));
  }

  /** Deletes settled entries past their retention, at most `limit`. @returns how many */
  async purge(lane: string, retainDays: number, limit: number): Promise<number> {
    const [gone] = await this.query<{ n: number }>(
      `/* lane.purge */ WITH gone AS (
         DELETE FROM lane_entry WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM lane_entry WHERE lane = $1 AND state <> 'QUEUED' AND settled_at < now() - make_interval(days => $2) LIMIT $3))
           AND state <> 'QUEUED' RETURNING 1)
       SELECT count(*)::int AS n FROM gone`,
      [lane, retainDays, limit],
    );
    return gone?.n ?? 0;
  }

  private async query<R = unknown>(text: string, values: unknown[]): Promise<R[]> {
    try {
      return (await this.executor.query(text, values)).rows as R[];
    } catch (error) {
      throw translate(error);
    }
  }
}
