/** Where a record lies in Kafka: it never moves, so it is what a link to a message names. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Decimal, 64 bit. */
  readonly offset: string;
}

export const positionText = ({ topic, partition, offset }: Position): string => `${topic}/${partition}@${offset}`;

/** Two records are the same when their texts are. */
export const isSamePosition = (a: Position, b: Position): boolean => positionText(a) === positionText(b);

/** Offsets are longer than a number of JavaScript holds: the longer text is the larger one. */
const byOffset = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

export const byPosition = (a: Position, b: Position): number =>
  a.topic.localeCompare(b.topic, 'en') || a.partition - b.partition || byOffset(a.offset, b.offset);

const SELECTION = /^m:([\w.-]{1,249})\/(\d{1,9})\/(\d{1,20})$/;

/** A message in the address: `m:payment.events/1/14`. */
export const selectionOf = ({ topic, partition, offset }: Position): string => `m:${topic}/${partition}/${offset}`;

export function positionOf(selection: string | undefined): Position | undefined {
  const [, topic, partition, offset] = SELECTION.exec(selection ?? '') ?? [];
  if (topic === undefined || partition === undefined || offset === undefined) return undefined;
  return { topic, partition: Number(partition), offset };
}

const WRITTEN = /^([\w.-]{1,249})\/(\d{1,9})[@/](\d{1,20})$/;

/** What {@link positionText} wrote, as people copy it; with a slash for the `@` too, as in an address. */
export function positionIn(text: string): Position | undefined {
  const [, topic, partition, offset] = WRITTEN.exec(text) ?? [];
  if (topic === undefined || partition === undefined || offset === undefined) return undefined;
  return { topic, partition: Number(partition), offset };
}
