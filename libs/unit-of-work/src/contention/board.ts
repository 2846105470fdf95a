import { translate, type Executor } from '@backstep/concurrency';
import { sumOfReports, type ContentionReport } from './report.js';

/** For the migration: a row for each instance, with what it has counted last. */
export const CONTENTION_REPORT_SQL = `
CREATE TABLE contention_report (
  instance text PRIMARY KEY,
  at timestamptz NOT NULL,
  report jsonb NOT NULL
)`;

/** How often an instance tells what it has counted, milliseconds. */
export const TELL_EVERY_MS = 5_000;
/** What an instance told longer ago than this does not count, seconds: it has ended, or writes nothing. */
const FRESH_S = 15;
/** Rows of instances that have ended are deleted after this time, minutes. */
const KEPT_MIN = 10;
/** Instances whose reports are added up. */
const INSTANCES_MAX = 1_000;

/**
 * Where the instances of a service leave what each of them has counted, in their database, so that any of them can say what all have, and none
 * needs to know the others. One small statement every 5 seconds, while there is something to tell.
 */
export class ContentionBoard {
  /**
   * @param instance a name that no other instance has
   * @param own what this instance has counted
   */
  constructor(
    private readonly executor: Executor,
    private readonly instance: string,
    private readonly own: () => ContentionReport,
  ) {}

  /** Leaves this instance's report, unless it has nothing to tell. @throws DatabaseUnavailableError, or what the driver said */
  async tell(): Promise<void> {
    const report = this.own();
    if (report.entities.length === 0 && report.hottest.length === 0) return;
    await this.run(TELL, [this.instance, JSON.stringify(report)]);
  }

  /** What all instances have counted, this one as of now. @throws DatabaseUnavailableError, or what the driver said */
  async ofAll(): Promise<{ readonly instances: number; readonly report: ContentionReport }> {
    const rows = (await this.run(OTHERS, [this.instance])) as { report: ContentionReport }[];
    const others = rows.map(({ report }) => report);
    return { instances: others.length + 1, report: sumOfReports([this.own(), ...others]) };
  }

  private async run(text: string, values: unknown[]): Promise<unknown[]> {
    try {
      return (await this.executor.query(text, values)).rows;
    } catch (error) {
      throw translate(error);
    }
  }
}

const TELL = `/* contention.tell */
WITH ended AS (DELETE FROM contention_report WHERE at < now() - interval '${KEPT_MIN} minutes' AND instance <> $1)
INSERT INTO contention_report (instance, at, report) VALUES ($1, now(), $2)
ON CONFLICT (instance) DO UPDATE SET at = now(), report = excluded.report`;

const OTHERS = `/* contention.others */
SELECT report FROM contention_report
WHERE at > now() - interval '${FRESH_S} seconds' AND instance <> $1 ORDER BY at DESC LIMIT ${INSTANCES_MAX}`;
