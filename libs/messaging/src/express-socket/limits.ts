/* Bounds of express between processes: see docs/decisions/0061-express-between-processes.md. */

/** Bytes of one frame. A larger message goes by Kafka alone. */
export const FRAME_MAX_BYTES = 512 * 1024;

/** Bytes of a frame of somebody who has not proved who it is. */
export const HANDSHAKE_FRAME_MAX_BYTES = 2 * 1024;

/** Bytes that wait for one peer, which reads too slowly. What is beyond goes by Kafka alone; an answer beyond it closes the connection. */
export const QUEUE_MAX_BYTES = 1024 * 1024;

/** Headers of one message. Kafka's copy with more is parked. */
export const HEADERS_MAX = 128;

/** From the connection to the proof of both ends, milliseconds. */
export const HANDSHAKE_TIMEOUT_MS = 2_000;

/** How often a connection on which something was sent is asked for an answer, milliseconds. One on which nothing was sent costs nothing. */
export const PING_EVERY_MS = 1_000;

/** Pings without an answer after which the connection is closed: a peer that is silent, or half of a connection. */
export const UNANSWERED_PINGS_MAX = 3;

/** When the kernel asks whether the other end of an idle TCP connection is there, milliseconds. */
export const KEEP_ALIVE_MS = 30_000;

/** Connections that a process takes, those without a proof among them. */
export const CONNECTIONS_MAX = 256;

/** Pauses between attempts to connect to a peer. */
export const CONNECT_BACKOFF = { baseMs: 100, capMs: 5_000 };

/** How often the owners of shards are read from Kafka, milliseconds. */
export const DIRECTORY_EVERY_MS = 5_000;

/** The shortest time between two such reads, milliseconds, however often one is asked for. */
export const DIRECTORY_PAUSE_MS = 500;

/** A socket file of a process that is gone is removed when it is older than this, milliseconds. */
export const ABANDONED_AFTER_MS = 60_000;
