import { DATABASES, portSettingOf, sumOfMetric } from '@backstep/infrastructure';
import { readFileSync } from 'node:fs';
import type { Keeper } from '../system/keeper.js';
import { orUndefined } from '../waiting.js';

const SAMPLE_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 1_500;

/** Counters of the services that tell whether something interesting happened; labels are added up. */
export const COUNTED = {
  duplicatesDropped: 'backstep_duplicates_dropped_total',
  fencedWrites: 'backstep_version_conflicts_total',
  webhooks: 'backstep_provider_webhooks_total',
  handedOver: 'backstep_express_messages_total',
} as const;
export type Counted = keyof typeof COUNTED;

/**
 * Adds up counters that end with their processes: each process is scraped again and again, and its last values are kept.
 * A lower bound: counts after the last scrape before a death are lost.
 */
export class Counters {
  /** By pid, which is unique within a run; the counters of a process begin at zero. */
  private readonly last = new Map<number, Readonly<Record<Counted, number>>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keeper: Keeper,
    /** Where the first instance of each kind listens. */
    private readonly urls: Readonly<Record<string, string>>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.sample(), SAMPLE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Scrapes all once. A process that does not answer keeps its last values. */
  async sample(): Promise<void> {
    const asked = [...this.keeper.running()].map(async ([name, pid]) => {
      const urls = this.urls[name] === undefined ? urlsOfProcess(name, pid) : [this.urls[name]];
      const texts = await Promise.all(urls.map((url) => orUndefined(() => read(`${url}/metrics`))));
      const text = texts.filter((one) => one !== undefined).join('\n');
      if (text !== '') this.last.set(pid, countersIn(text));
    });
    await Promise.all(asked);
  }

  total(counted: Counted): number {
    return [...this.last.values()].reduce((sum, counters) => sum + counters[counted], 0);
  }
}

const read = async (url: string): Promise<string> =>
  (await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })).text();

/** In a host each service with a database has a port of its own: `ORDER_PORT`. */
const PORTS_IN_HOST = DATABASES.map(({ process }) => portSettingOf(process));

/** Second instances listen where there was room, and only they know where; Linux tells what they, and hosts, were given. */
export function urlsOfProcess(name: string, pid: number): string[] {
  const settings = /^host(-\d+)?$/.test(name) ? PORTS_IN_HOST : /-\d+$/.test(name) ? ['PORT'] : [];
  try {
    const given = settings.length > 0 ? readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0') : [];
    return settings.flatMap((setting) => {
      const port = given.find((variable) => variable.startsWith(`${setting}=`))?.slice(setting.length + 1);
      return port === undefined ? [] : [`http://127.0.0.1:${port}`];
    });
  } catch {
    // Gone, or not Linux: what it counts is not counted.
    return [];
  }
}

/** Those of the messages that express was offered. */
const handedOverIn = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.includes('outcome="handed_over"'))
    .join('\n');

export const countersIn = (text: string): Readonly<Record<Counted, number>> => ({
  duplicatesDropped: sumOfMetric(text, COUNTED.duplicatesDropped),
  fencedWrites: sumOfMetric(text, COUNTED.fencedWrites),
  webhooks: sumOfMetric(text, COUNTED.webhooks),
  handedOver: sumOfMetric(handedOverIn(text), COUNTED.handedOver),
});
