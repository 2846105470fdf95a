/**
 * How the group behaves. Kafka answers a fetch at once when there is something, so a long wait costs no latency;
 * it costs idle wake-ups when short, and time to notice a rebalance or a shutdown when long.
 */
export const FETCH_MIN_BYTES = 1;
export const FETCH_MAX_WAIT_MS = 1_000;
/** Also the bound of one handler call, together with the largest message. */
export const FETCH_MAX_BYTES_PER_PARTITION = 1024 * 1024;
export const FETCH_MAX_BYTES = 10 * 1024 * 1024;

/**
 * How long who leads what may be out of date. kafkajs asks when a broker answers that it leads no longer, but fetches from nobody, and asks
 * nobody, what is led by a broker that it has struck off its list: such a partition stood for the 5 minutes that it takes by default.
 */
export const METADATA_MAX_AGE_MS = 3_000;

/** A member that died is given up after this, and until then its partitions wait. 6 s is the least that Kafka accepts. */
export const SESSION_TIMEOUT_MS = 6_000;
export const HEARTBEAT_INTERVAL_MS = 2_000;
/** Of more than a session together, whoever coordinates the group is looked for anew. */
export const UNANSWERED_HEARTBEATS_MAX = SESSION_TIMEOUT_MS / HEARTBEAT_INTERVAL_MS + 1;
export const REBALANCE_TIMEOUT_MS = 20_000;

/** What a rebalance waits for batches in flight and for `onRevoked`. Less than the session, or the group would drop us meanwhile. */
export const REVOKE_TIMEOUT_MS = 4_000;

/** Offsets are committed this long after a batch at the latest. A crash delivers at most so much again; the inbox knows it. */
export const COMMIT_INTERVAL_MS = 1_000;

/** `close` as a whole; what is not done by then is left to the process's end. */
export const CLOSE_TIMEOUT_MS = 4_000;
export const DISCONNECT_TIMEOUT_MS = 2_000;

/** How often a restarted consumer asks a loading coordinator to forget its former member. */
export const LEAVE_ATTEMPTS = 5;

/** Between attempts while Kafka is away, and between probes while the database is. */
export const BACKOFF = { baseMs: 200, capMs: 5_000 };

/** A topic may be unknown for a moment after it was made, or after Kafka lost its disk. Longer is an error. */
export const UNKNOWN_TOPIC_GRACE_MS = 30_000;

/**
 * A consumer that is heard of in nothing for so long, and handles nothing, will not be heard of again: a new one takes its place. Longer
 * than any answer may take; the one to a join comes when the whole group has joined or `REBALANCE_TIMEOUT_MS` is over.
 */
export const SILENCE_TIMEOUT_MS = REBALANCE_TIMEOUT_MS + 10_000;

/** Without an answer to a fetch for so long the consumer does not count as connected. */
export const FETCH_STALLED_MS = 15_000;
