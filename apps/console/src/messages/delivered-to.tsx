import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { groupsQuery } from '../api/kafka-queries.js';
import { read } from '../api/read.js';
import type { ConsumerGroup, LogMessage } from '../api/types.js';
import { isUuid } from '../orders/orders-search.js';
import { safeText } from '../ui/safe-text.js';
import { Time } from '../ui/time.js';
import { Fact } from './message-details.js';
import styles from './message.module.css';

/** Who goes from row to row by keys does not have five services asked for each. */
const RESTED_MS = 400;
const KNOWN_FOR_MS = 15_000;

const evidenceQuery = (orderId: string, isWanted: boolean) =>
  queryOptions({
    queryKey: ['evidence', orderId],
    queryFn: ({ signal }) => read('/v1/orders/{orderId}/evidence', { path: { orderId }, signal }),
    staleTime: KNOWN_FOR_MS,
    retry: false,
    enabled: isWanted,
  });

/** By Kafka: which groups are past the message. By the services: which inboxes have it, and who has dropped it as a repetition. */
export function DeliveredTo({ message }: { readonly message: LogMessage }) {
  const { key, topic, partition, offset, headers } = message;
  const groups = useQuery(groupsQuery);
  const orderId = isUuid(key) ? key : '';
  const isRested = useRested(`${topic}/${partition}/${offset}`);
  const evidence = useQuery(evidenceQuery(orderId, orderId !== '' && isRested));
  const readers = (groups.data?.items ?? []).filter((group) => group.partitions.some((place) => place.topic === topic));
  return (
    <Fact name="Delivered to">
      {groups.isPending && <span className="muted">asking Kafka</span>}
      {groups.error && !groups.data && <span className="muted">not known: {safeText(groups.error.message)}</span>}
      {groups.data && readers.length === 0 && 'nobody reads this topic'}
      {readers.map((group) => (
        <span key={group.id} className={styles['line']}>
          <Link to="/groups/$groupId" params={{ groupId: group.id }}>
            {group.id}
          </Link>{' '}
          {standsText(group, message)}
          <Inbox service={group.service} message={message} evidence={evidence.data} />
        </span>
      ))}
      {evidence.isLoading && headers['ce_id'] !== undefined && <span className="muted">asking the inboxes</span>}
    </Fact>
  );
}

function standsText({ partitions }: ConsumerGroup, { topic, partition, offset }: LogMessage): string {
  const place = partitions.find((one) => one.topic === topic && one.partition === partition);
  if (!place || place.committed === null) return 'has not said how far it is';
  return BigInt(place.committed) > BigInt(offset)
    ? `is past it, at ${place.committed}`
    : `is not there yet: at ${place.committed}`;
}

interface InboxProps {
  readonly service: string;
  readonly message: LogMessage;
  readonly evidence: Awaited<ReturnType<typeof read<'/v1/orders/{orderId}/evidence'>>> | undefined;
}

function Inbox({ service, message, evidence }: InboxProps) {
  const id = message.headers['ce_id'];
  const found = evidence?.services.find((one) => one.service === service);
  if (!evidence || id === undefined) return null;
  if (!found) return <span className="muted">; its inbox did not answer</span>;
  const received = found.inbox.find(({ messageId }) => messageId === id);
  const dropped = found.dropped.find(
    ({ topic, partition, offset }) =>
      topic === message.topic && partition === message.partition && offset === message.offset,
  );
  return (
    <>
      {received && (
        <>
          ; in its inbox since <Time at={Date.parse(received.receivedAt)} />
        </>
      )}
      {dropped && (
        <>
          ; <span aria-hidden="true">⊘ </span>dropped as a repetition
        </>
      )}
    </>
  );
}

/** Whether it has been the same for a while. */
function useRested(value: string): boolean {
  const [rested, setRested] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), RESTED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested === value;
}
