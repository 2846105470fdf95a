import type { OffsetCheck, Position } from './committed-offsets.js';

const MARK = /^at (\d+) \d+/;
const RESETS = /\breset (\d+) (\d+)$/;

/** How often the log of a partition was found to be another, and when last, in ms since 1970. */
export interface Resets {
  readonly times: number;
  readonly lastAt: number;
}

interface Handled {
  readonly offset: string;
  readonly timestamp: number;
}

/** The offset and time of the last handled record. Another log has no record with both. */
export const markOf = ({ offset, timestamp }: Handled): string => `at ${offset} ${timestamp}`;

export const markIn = (metadata: string | null): string | undefined => MARK.exec(metadata ?? '')?.[0];
export const offsetIn = (metadata: string | null): string | undefined => MARK.exec(metadata ?? '')?.[1];

export function resetsIn(metadata: string | null): Resets | undefined {
  const [, times, lastAt] = RESETS.exec(metadata ?? '') ?? [];
  return times === undefined ? undefined : { times: Number(times), lastAt: Number(lastAt) };
}

/**
 * The metadata that is committed with the offset of each partition: the mark, and from the first reset on how often the log was another,
 * and when last. By it `backstep doctor` tells messages that were handled and whose log is gone from messages that were never sent.
 */
export class LogMarks {
  /** By topic and partition. Partitions whose log was never another are missing. */
  private readonly resets = new Map<string, Resets>();

  /** @returns what to commit at once after a reset, so that the group's offset fits the log even when no message comes for a while */
  checked({ topic, partition, before, reset }: OffsetCheck): Position | undefined {
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
