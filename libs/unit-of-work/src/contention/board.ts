import { translate, type Executor } from '@backstep/concurrency';
import { DECISIONS_TOLD_MS } from './decisions.js';
import { sumOfReports, type ContentionReport, type ToldReport } from './report.js';

/** For the migration: a row for each instance, with what it has counted last. */
export const CONTENTION_REPORT_SQL = `
CREATE TABLE contention_report (
  instance text PRIMARY KEY,
  at timestamptz NOT NULL,
  report jsonb NOT NULL
)`;

/** How often an instance tells what it has counted, milliseconds. */
export const TELL_EVERY_MS = 5_000;
/** What an instance told longer ago than this does not count, seconds: it has ended, or writes nothing. Its decisions are told all the same. */
const FRESH_S = 15;
/** Rows of instances that have ended are deleted after this time, minutes: as soon as their decisions are not told any more. */
const KEPT_MIN = DECISIONS_TOLD_MS / 60_000;
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
    const rows = (await this.run(OTHERS, [this.instance])) as { report: ToldReport; fresh: boolean }[];
    const others = rows.map(({ report, fresh }): ToldReport => (fresh ? report : { ...NOTHING, ...decided(report) }));
    const instances = rows.filter(({ fresh }) => fresh).length + 1;
    return { instances, report: sumOfReports([this.own(), ...others]) };
  }

  private async run(text: string, values: unknown[]): Promise<unknown[]> {
    try {
      return (await this.executor.query(text, values)).rows;
    } catch (error) {
      throw translate(error);
    }
  }
}

const NOTHING: ToldReport = { entities: [], hottest: [] };
const decided = ({ decisions = [] }: ToldReport): Pick<ToldReport, 'decisions'> => ({ decisions });

const TELL = `/* contention.tell */
WITH ended AS (DELETE FROM contention_report WHERE at < now() - interval '${KEPT_MIN} minutes' AND instance <> $1)
INSERT INTO contention_report (instance, at, report) VALUES ($1, now(), $2)
ON CONFLICT (instance) DO UPDATE SET at = now(), report = excluded.report`;

const OTHERS = `/* contention.others */
SELECT report, at > now() - interval '${FRESH_S} seconds' AS fresh FROM contention_report
WHERE at > now() - interval '${KEPT_MIN} minutes' AND instance <> $1 ORDER BY at DESC LIMIT ${INSTANCES_MAX}`;
