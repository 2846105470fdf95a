import { hash } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerRecord, Origin } from '../ledger/records.js';
import type { Form } from './form.js';
import { invalid, StripeError } from './stripe-error.js';

const KEY_MAX_CHARACTERS = 255;

export interface Once<R> {
  readonly record: R;
  /** The record of the first request with this key. */
  readonly replayed: boolean;
}

/**
 * Idempotency as Stripe documents it (https://docs.stripe.com/api/idempotent_requests): the first request with a key that begins to execute
 * decides the answer for a day, refusals included. The same key with other parameters is an error. A request that was refused before it
 * executed (a wrong parameter, a request still in flight) does not use the key up.
 */
export class IdempotentRequests {
  /** One entry for each request in flight. */
  private readonly inFlight = new Map<string, string>();

  constructor(private readonly ledger: Ledger) {}

  async once<R extends LedgerRecord>(
    kind: R['kind'],
    origin: Origin | undefined,
    make: () => Promise<R>,
  ): Promise<Once<R>> {
    if (!origin) return { record: await make(), replayed: false };
    const { key, fingerprint } = origin;
    const running = this.inFlight.get(key);
    if (running !== undefined) throw running === fingerprint ? stillRunning(key) : otherParameters(key);
    const likely = this.ledger.likely(key);
    if (likely > 0) {
      const made = await this.ledger.madeBy(key);
      if (made && made.origin?.fingerprint !== fingerprint) throw otherParameters(key);
      // The fingerprint contains the path, so the record of an equal request is of the same kind.
      if (made?.kind === kind) return { record: made as R, replayed: true };
      // Another request with this key may have begun or ended while the records were read.
      if (this.inFlight.has(key) || this.ledger.likely(key) !== likely) return this.once(kind, origin, make);
    }
    this.inFlight.set(key, fingerprint);
    try {
      return { record: await make(), replayed: false };
    } finally {
      this.inFlight.delete(key);
    }
  }
}

/** @throws StripeError when the key is empty or too long */
export function originOf(key: string | undefined, path: string, form: Form): Origin | undefined {
  if (key === undefined) return undefined;
  if (key === '' || key.length > KEY_MAX_CHARACTERS) {
    throw invalid('Idempotency-Key', `Idempotency keys have from 1 to ${KEY_MAX_CHARACTERS} characters.`);
  }
  return { key, fingerprint: fingerprintOf(path, form) };
}

/** Stable whatever the order of the parameters. */
function fingerprintOf(path: string, form: Form): string {
  const parameters = [...form].map((parameter) => JSON.stringify(parameter)).sort();
  return hash('sha256', [path, ...parameters].join('\n'), 'base64url');
}

const otherParameters = (key: string): StripeError =>
  new StripeError(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });

const stillRunning = (key: string): StripeError =>
  new StripeError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key '${key}'. Please try again later.`,
  });
