import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@backstep/simulation';
import { rowsOf } from '../system/database.js';
import { within } from '../waiting.js';

const ACCOUNTS = 4;
const OPENED = 50_000;
const OVERDRAFT = 1_000;
const EVERY_MS = 250;
/** Transfers at once; while so many have no answer, none begins. */
const AT_ONCE = 20;
const ANSWER_WITHIN_MS = 15_000;
const PAUSE_MS = 300;
const OPENED_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 60_000;

interface Answered {
  readonly id: string;
  readonly status: string;
}

const BOOKS = `
  SELECT (SELECT sum(balance)::float8 FROM account WHERE id = ANY($1::uuid[])) AS held,
    (SELECT count(*)::int FROM lane_entry WHERE state = 'QUEUED') AS queued`;
/** One that the lane could not carry out has no row of its own. */
const TRANSFERS = `
  SELECT id, status FROM transfer WHERE id = ANY($1::uuid[])
  UNION ALL
  SELECT split_part(key, '/', 2)::uuid, state FROM lane_entry WHERE lane = 'transfers' AND state <> 'APPLIED' AND split_part(key, '/', 2)::uuid = ANY($1::uuid[])`;

/** Transfers between a few accounts, some of which skip the queue. Each is sent again with its key until it is answered. */
export class Transfers {
  private readonly answered: Answered[] = [];
  private readonly under = new Set<Promise<void>>();
  private readonly leaving = new AbortController();
  private accounts: string[] = [];
  private sending: Promise<void> | undefined;
  private open = true;

  constructor(
    private readonly gatewayUrl: string,
    private readonly random: Random,
  ) {}

  get count(): number {
    return this.answered.length;
  }

  /** Opens the accounts, and begins. @throws Error when they cannot be opened in time */
  async start(): Promise<void> {
    const opened = await within(OPENED_WITHIN_MS, async () => {
      const body = { currency: 'EUR', openingBalance: OPENED, overdraftLimit: OVERDRAFT };
      const made = await this.post('/v1/accounts', `account-${this.accounts.length}`, body);
      if (made) this.accounts.push(made.id);
      return this.accounts.length === ACCOUNTS;
    });
    if (!opened) throw new Error('the accounts could not be opened');
    this.sending = this.send();
  }

  /** Begins no other. Resolves at once. */
  async stop(): Promise<void> {
    this.open = false;
    await this.sending;
  }

  /** After healing: waits for the answers, and compares them with the books. @returns a sentence for whatever is wrong */
  async whatIsWrong(paymentDatabase: string): Promise<string[]> {
    await within(ENDED_WITHIN_MS, () => Promise.resolve(this.under.size === 0));
    const wrong = this.under.size > 0 ? [`${this.under.size} transfers still have no answer`] : [];
    this.leaving.abort();
    await Promise.all([...this.under]);
    const books = () => rowsOf<{ held: number; queued: number }>(paymentDatabase, BOOKS, [this.accounts]);
    await within(ENDED_WITHIN_MS, async () => (await books())[0]?.queued === 0);
    const [now] = await books();
    if (now?.queued !== 0) wrong.push(`${now?.queued ?? 'no'} transfers are queued still`);
    if (now?.held !== ACCOUNTS * OPENED)
      wrong.push(`the accounts hold ${now?.held}, and were opened with ${ACCOUNTS * OPENED}`);
    const ids = this.answered.map(({ id }) => id);
    const stored = await rowsOf<Answered>(paymentDatabase, TRANSFERS, [ids]);
    const statuses = new Map(stored.map(({ id, status }) => [id, status]));
    for (const { id, status } of this.answered) {
      const is = statuses.get(id) ?? 'lost';
      if (is === 'lost' || (status !== 'QUEUED' && status !== is))
        wrong.push(`transfer ${id} was answered as ${status}, and is ${is}`);
    }
    return wrong;
  }

  private async send(): Promise<void> {
    for (let n = 0; this.open; n++) {
      if (this.under.size < AT_ONCE) {
        const one: Promise<void> = this.insist(n).finally(() => this.under.delete(one));
        this.under.add(one);
      }
      await delay(EVERY_MS);
    }
  }

  private async insist(n: number): Promise<void> {
    const from = this.random.pick(this.accounts);
    const to = this.random.pick(this.accounts.filter((one) => one !== from));
    const body = { from, to, amount: this.random.between(1, OPENED / 4) };
    const path = `/v1/transfers?skipQueue=${this.random.chance(0.2)}`;
    while (!this.leaving.signal.aborted) {
      const answer = await this.post(path, `transfer-${n}`, body);
      if (answer) {
        this.answered.push(answer);
        return;
      }
      await delay(PAUSE_MS);
    }
  }

  /** @returns undefined when there was no answer, or one that may be another next time */
  private async post(path: string, key: string, body: object): Promise<Answered | undefined> {
    try {
      const response = await fetch(`${this.gatewayUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), this.leaving.signal]),
      });
      const answer = (await response.json()) as Answered;
      return response.ok ? answer : undefined;
    } catch {
      return undefined;
    }
  }
}
