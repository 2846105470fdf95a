import type { Look, Position } from './committed-offsets.js';

const MARK = /^at (\d+) \d+/;
const RESETS = /\breset (\d+) (\d+)$/;

/** How often a partition's log was found to be another, and when last, in ms since 1970. */
export interface Resets {
  readonly times: number;
  readonly lastAt: number;
}

interface Handled {
  readonly offset: string;
  readonly timestamp: number;
}

/** Tells a log from another: where and when the last record that was handled lies in it. */
export const markOf = ({ offset, timestamp }: Handled): string => `at ${offset} ${timestamp}`;

export const markIn = (metadata: string | null): string | undefined => MARK.exec(metadata ?? '')?.[0];
export const offsetIn = (metadata: string | null): string | undefined => MARK.exec(metadata ?? '')?.[1];

export function resetsIn(metadata: string | null): Resets | undefined {
  const [, times, lastAt] = RESETS.exec(metadata ?? '') ?? [];
  return times === undefined ? undefined : { times: Number(times), lastAt: Number(lastAt) };
}

/**
 * What is committed with the offset of each partition: the mark, and from the first reset on how often the log was another and when last.
 * Whoever looks later (`backstep doctor`) finds messages that were handled and are in no log, and can tell them by it from messages that
 * came from nowhere.
 */
export class LogMarks {
  /** By topic and partition; those whose log was never another are missing. */
  private readonly resets = new Map<string, Resets>();

  /** @returns what to commit at once after a reset: the group is set to the log as it is, also when nothing comes for a while. */
  looked({ topic, partition, before, reset }: Look): Position | undefined {
    const place = `${topic}/${partition}`;
    if (before) this.resets.set(place, before);
    if (!reset) return undefined;
    const resets = { times: (before?.times ?? 0) + 1, lastAt: Date.now() };
    this.resets.set(place, resets);
    return { topic, partition, offset: reset.earliest, metadata: textOf(resets) };
  }

  of(place: string, handled: Handled): string {
    const resets = this.resets.get(place);
    return resets === undefined ? markOf(handled) : `${markOf(handled)} ${textOf(resets)}`;
  }
}

const textOf = ({ times, lastAt }: Resets): string => `reset ${times} ${lastAt}`;
