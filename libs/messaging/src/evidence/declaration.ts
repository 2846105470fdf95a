/**
 * What a service shows as evidence about a key, beside what messaging has: its rows, and its timers. The statements run in a transaction that
 * can write nothing; each should find its rows by an index.
 */
export interface EvidenceDeclaration {
  /** uuid: another text is no key of these rows, and none is looked for. Default text: any text is a key. */
  readonly keys?: 'text' | 'uuid';
  /**
   * Statements with the key as $1, and at most $2 rows each. Columns: "table", key, version (float8), state. The state is for people: no secret,
   * nothing of a person.
   */
  readonly rows?: readonly string[];
  /** The same with the columns name, of (whose timer it is), "dueAt" and "wakeAt" (milliseconds since 1970, float8), failures. */
  readonly timers?: string;
}

/** A versioned row about a key, as it is now. */
export interface RowEvidence {
  readonly table: string;
  readonly key: string;
  readonly version: number;
  readonly state: string;
}

/** A timer that is set. */
export interface TimerEvidence {
  readonly name: string;
  /** The id of what it wakes. */
  readonly of: string;
  /** RFC 3339. */
  readonly dueAt: string;
  /** When it fires: later than `dueAt` when firing it has failed. RFC 3339. */
  readonly wakeAt: string;
  readonly failures: number;
}
