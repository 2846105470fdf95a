/** What a system is made of, and the stand-in of the payment provider, which is nobody's part: all pay the same one. */
export const PARTS = ['node', 'engine', 'postgres', 'provider'] as const;
export type Part = (typeof PARTS)[number];

/** One side of the comparison, as it runs on a PostgreSQL of its own. */
export interface RunningSystem {
  /** Takes `POST /v1/orders`. */
  readonly ordersUrl: string;
  /** Of the database that has the table `orders`: `id`, `status`, `created_at`. The server keeps the times of commits. */
  readonly databaseUrl: string;
  /** As of now. `engine` is Kafka or Restate's server; of PostgreSQL it is the server, whose sessions are its children. */
  pids(): Readonly<Record<Part, readonly number[]>>;
  /** Asked once, when the load has ended. @returns what is wrong with the rows, a line each; empty when nothing is */
  check(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A system that can be compared. A variant of Backstep is one of its own: it differs in how its services are started. */
export interface ComparedSystem {
  readonly title: string;
  /** Each of ours is compared with each that is not. */
  readonly ours: boolean;
  /** As in `SDK 1.2.3`. */
  version(): string;
  /** Installs what is missing, where that can be. @returns why the system cannot be run here; undefined when it can */
  absence?(): Promise<string | undefined>;
  start(signal: AbortSignal): Promise<RunningSystem>;
}
