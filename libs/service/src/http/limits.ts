/** Limits of every HTTP server here. */
export const HTTP_LIMITS = {
  bodyBytes: 64 * 1024,
  /** From the first byte of a request to the end of its headers. A connection that says nothing at all has as long. */
  headersMs: 5_000,
  /** From the first byte of a request to the end of its body. Until then its handler has not begun. */
  receiveMs: 8_000,
  /** For the answer to begin, once the whole request is there. A stream of events takes its reply over (`reply.hijack()`). */
  answerMs: 30_000,
  /** For a client to take an answer in; one second more for each `takenBytesPerSecond` of it. */
  takeMs: 20_000,
  takenBytesPerSecond: 64 * 1024,
  /** How long an idle connection is kept. */
  keepAliveMs: 72_000,
  /** How often clients are looked at for being too slow; they are noticed by so much later. */
  checkMs: 500,
  /** What a slow client has left when the service drains. */
  drainMs: 1_000,
  /** How long a connection that was answered with a refusal is read on, so that the client gets to see the answer. */
  lingerMs: 1_000,
  /** Connections at a time. Those that come beyond are closed; so are the idle ones, for the next to find room. */
  connectionsMax: 2_048,
  /** Requests of one connection that wait for their answers. Beyond them it is not read. */
  answersWaitingMax: 16,
  /** Of all answers that clients have not taken in yet. Beyond it, the connection that has not for longest is closed. */
  untakenBytesMax: 64 * 1024 * 1024,
  pathPartCharacters: 255,
  /** Connections that wait to be accepted while the process is busy. Of more, the kernel drops some, whose clients wait for nothing. */
  backlog: 4_096,
} as const;

/** The limits that a spec makes short. */
export type HttpLimits = { readonly [Name in keyof typeof HTTP_LIMITS]: number };
