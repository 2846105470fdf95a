/** Limits of every HTTP server of the chassis. */
export const HTTP_LIMITS = {
  bodyBytes: 64 * 1024,
  /** From the first byte of a request to the end of its headers. A connection without any byte has as long. */
  headersMs: 5_000,
  /** From the first byte of a request to the end of its body. Until then its handler has not begun. */
  receiveMs: 8_000,
  /** From the end of a request to the beginning of its answer. A stream of events takes its reply over (`reply.hijack()`). */
  answerMs: 30_000,
  /** How long a client may take to read an answer, plus one second for each `takenBytesPerSecond` of it. */
  takeMs: 20_000,
  takenBytesPerSecond: 64 * 1024,
  /** How long an idle connection is kept. */
  keepAliveMs: 72_000,
  /** The interval at which slow clients are looked for. One is noticed later by so much at most. */
  checkMs: 500,
  /** How long a slow client may still take when the service drains. */
  drainMs: 1_000,
  /** How long a connection stays open after a refusal, so that the client can read the answer. */
  lingerMs: 1_000,
  /** Connections at a time. A further one is closed, and all idle ones with it, to make room for the next. */
  connectionsMax: 2_048,
  /** Requests of one connection that wait for their answers. While there are so many, the connection is not read. */
  answersWaitingMax: 16,
  /** Bytes of all answers that clients have not read yet. Beyond it, the connection with the oldest such answer is closed. */
  untakenBytesMax: 64 * 1024 * 1024,
  pathPartCharacters: 255,
  /** Connections that wait to be accepted while the process is busy. Beyond it, the kernel drops some, and their clients wait in vain. */
  backlog: 4_096,
} as const;

/** The limits that a spec makes short. */
export type HttpLimits = { readonly [Name in keyof typeof HTTP_LIMITS]: number };
