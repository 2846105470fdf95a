import type { ReceivedMessage } from '@backstep/kafka';

/** Which messages a client wants: all that are given must fit. */
export interface StreamFilter {
  /** The id of an order, in the spelling of Kafka's keys. */
  readonly order?: string | undefined;
  readonly key?: string | undefined;
  readonly type?: string | undefined;
  readonly topic?: string | undefined;
  readonly source?: string | undefined;
}

export const fits = (
  { order, key, type, topic, source }: StreamFilter,
  { key: of, topic: from, headers }: Pick<ReceivedMessage, 'key' | 'topic' | 'headers'>,
): boolean =>
  (order === undefined || of === order) &&
  (key === undefined || of === key) &&
  (topic === undefined || from === topic) &&
  (type === undefined || headers['ce_type'] === type) &&
  (source === undefined || headers['ce_source'] === source);
