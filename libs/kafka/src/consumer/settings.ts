/**
 * Kafka answers a fetch at once when it has messages, so a long wait costs no latency. A short one costs idle wake-ups. A long one
 * delays how soon a rebalance or a shutdown is noticed.
 */
export const FETCH_MIN_BYTES = 1;
export const FETCH_MAX_WAIT_MS = 1_000;
/** Also bounds one handler call, together with the largest message. */
export const FETCH_MAX_BYTES_PER_PARTITION = 1024 * 1024;
export const FETCH_MAX_BYTES = 10 * 1024 * 1024;

/**
 * How old the metadata of partition leaders may be. kafkajs refreshes it when a broker answers that it no longer leads a partition. But it
 * does not fetch, and does not refresh, when the leader is a broker that it has removed from its list: such a partition stood still for
 * the default of 5 minutes.
 */
export const METADATA_MAX_AGE_MS = 3_000;

/** The group drops a member that died after this time, and until then its partitions wait. 6 s is the least that Kafka accepts. */
export const SESSION_TIMEOUT_MS = 6_000;
export const HEARTBEAT_INTERVAL_MS = 2_000;
/** Heartbeats in a row without an answer, together longer than a session, after which the coordinator is looked up anew. */
export const UNANSWERED_HEARTBEATS_MAX = SESSION_TIMEOUT_MS / HEARTBEAT_INTERVAL_MS + 1;
export const REBALANCE_TIMEOUT_MS = 20_000;

/** The settings that kafkajs takes. */
export const CONSUMER = {
  allowAutoTopicCreation: false,
  minBytes: FETCH_MIN_BYTES,
  maxWaitTimeInMs: FETCH_MAX_WAIT_MS,
  maxBytesPerPartition: FETCH_MAX_BYTES_PER_PARTITION,
  maxBytes: FETCH_MAX_BYTES,
  metadataMaxAge: METADATA_MAX_AGE_MS,
  sessionTimeout: SESSION_TIMEOUT_MS,
  heartbeatInterval: HEARTBEAT_INTERVAL_MS,
  rebalanceTimeout: REBALANCE_TIMEOUT_MS,
} as const;

/** For so long at most the next fetch waits in a busy process. */
export const GATHER_MAX_MS = 30;

/** A batch that takes longer is taken out of the others' way: its partition waits for it, and those of the same broker do not. */
export const STEP_ASIDE_MS = 1_000;

/** How long a rebalance waits for batches in flight and for `onRevoked`. Less than the session, or the group would drop us meanwhile. */
export const REVOKE_TIMEOUT_MS = 4_000;

/** Offsets are committed this long after a batch at the latest. A crash redelivers at most so much, and the inbox knows it. */
export const COMMIT_INTERVAL_MS = 1_000;

/** Bounds `close` as a whole. Work that is not done by then is left to the end of the process. */
export const CLOSE_TIMEOUT_MS = 4_000;
export const DISCONNECT_TIMEOUT_MS = 2_000;

/** How often a restarted consumer asks a loading coordinator to forget its former member. */
export const LEAVE_ATTEMPTS = 5;

/** Between attempts while Kafka is away, and between probes while the database is. */
export const BACKOFF = { baseMs: 200, capMs: 5_000 };

/** A topic may be unknown for a moment after it was made, or after Kafka lost its disk. After this time it is an error. */
export const UNKNOWN_TOPIC_GRACE_MS = 30_000;

/**
 * A consumer that gets no answer from Kafka for so long, and handles nothing, is replaced by a new one. Longer than any answer may take:
 * a join is answered when the whole group has joined or `REBALANCE_TIMEOUT_MS` is over.
 */
export const SILENCE_TIMEOUT_MS = REBALANCE_TIMEOUT_MS + 10_000;

/** A consumer whose fetches are not answered for so long does not count as connected. */
export const FETCH_STALLED_MS = 15_000;

/**
 * Express: what was acknowledged longer ago than this is fetched by now. Longer than an idle fetch waits. What others send about a shard that is not
 * their own stays in their outbox for longer: see docs/decisions/0057-the-barrier.md.
 */
export const EXPRESS_FETCH_MAX_AGE_MS = FETCH_MAX_WAIT_MS + 500;
