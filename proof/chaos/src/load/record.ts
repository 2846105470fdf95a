import type { OrderRequest } from './mix.js';

/** What one request brought. Without a status there was no answer: it may have been accepted, or not. */
export interface Attempt {
  readonly request: OrderRequest;
  readonly status: number | undefined;
  readonly replayed: boolean;
  /** Of an answer 202. */
  readonly orderId?: string;
  /** What was answered; of 202 only. */
  readonly body?: unknown;
  /** The problem's type, of other answers. */
  readonly problem?: string;
}

/** What another try with the same key may change. 408: the gateway was stopped in the middle of it; 409: the first is still under way. */
export const isLater = (status: number | undefined): boolean =>
  status === undefined || status >= 500 || status === 408 || status === 409 || status === 429;

/** What the customers remember, each of its own key: what a system that loses its databases could not make up. */
export class CustomersRecord {
  private readonly byKey = new Map<string, Attempt[]>();
  /** Orders that their customers wanted to cancel. */
  readonly cancelled = new Set<string>();
  /** Answers to a cancellation that none may get. */
  readonly strange: string[] = [];
  /** Of revisions: how often each status was answered, `none` where nothing was. */
  readonly revisions = new Map<string, number>();

  note(key: string, attempt: Attempt): void {
    const attempts = this.byKey.get(key);
    if (attempts) attempts.push(attempt);
    else this.byKey.set(key, [attempt]);
  }

  /** How often a revision got this answer. */
  noteRevision(status: number | undefined): void {
    const name = status === undefined ? 'none' : String(status);
    this.revisions.set(name, (this.revisions.get(name) ?? 0) + 1);
  }

  get keys(): ReadonlyMap<string, readonly Attempt[]> {
    return this.byKey;
  }

  count(which: (attempt: Attempt) => boolean): number {
    let count = 0;
    for (const attempts of this.byKey.values()) for (const attempt of attempts) if (which(attempt)) count += 1;
    return count;
  }

  /** How many keys have been answered with an order. */
  get accepted(): number {
    return [...this.byKey.values()].filter((attempts) => attempts.some(({ status }) => status === 202)).length;
  }
}
