import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@backstep/simulation';
import { rowsOf } from '../system/database.js';
import { within } from '../waiting.js';
import type { OpenedAccount } from './accounts.js';
import { post } from './post.js';

const AMOUNT_MAX = 12_500;
const EVERY_MS = 250;
/** Transfers at once; while so many have no answer, none begins. */
const AT_ONCE = 20;
const PAUSE_MS = 300;
const ENDED_WITHIN_MS = 60_000;

/** A transfer that was answered: the customers' own record of it. */
export interface AnsweredTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  /** As it was answered: QUEUED, or how it ended. */
  readonly status: string;
}

const QUEUED = `SELECT count(*)::int AS n FROM lane_entry WHERE state = 'QUEUED'`;
/** One that the lane could not carry out has no row of its own. */
const TRANSFERS = `
  SELECT id, status FROM transfer WHERE id = ANY($1::uuid[])
  UNION ALL
  SELECT split_part(key, '/', 2)::uuid, state FROM lane_entry WHERE lane = 'transfers' AND state <> 'APPLIED' AND split_part(key, '/', 2)::uuid = ANY($1::uuid[])`;

/** Transfers between a few accounts, some of which skip the queue. Each is sent again with its key until it is answered. */
export class Transfers {
  private readonly answered: AnsweredTransfer[] = [];
  private readonly under = new Set<Promise<void>>();
  private readonly leaving = new AbortController();
  private sending: Promise<void> | undefined;
  private open = true;

  constructor(
    private readonly gatewayUrl: string,
    private readonly random: Random,
    private readonly accounts: readonly OpenedAccount[],
  ) {}

  start(): void {
    this.sending = this.send();
  }

  /** Begins no other. Resolves at once. */
  async stop(): Promise<void> {
    this.open = false;
    await this.sending;
  }

  /** After healing: waits for the answers and the end of the queue. @returns how each has ended, and a sentence for whatever is wrong */
  async ended(paymentDatabase: string): Promise<{ made: readonly AnsweredTransfer[]; wrong: readonly string[] }> {
    await within(ENDED_WITHIN_MS, () => Promise.resolve(this.under.size === 0));
    const wrong = this.under.size > 0 ? [`${this.under.size} transfers still have no answer`] : [];
    this.leaving.abort();
    await Promise.all([...this.under]);
    const queued = async () => (await rowsOf<{ n: number }>(paymentDatabase, QUEUED))[0]?.n;
    await within(ENDED_WITHIN_MS, async () => (await queued()) === 0);
    const left = await queued();
    if (left !== 0) wrong.push(`${left ?? 'no'} transfers are queued still`);
    const ids = this.answered.map(({ id }) => id);
    const stored = await rowsOf<{ id: string; status: string }>(paymentDatabase, TRANSFERS, [ids]);
    const statuses = new Map(stored.map(({ id, status }) => [id, status]));
    const made = this.answered.map((one) => ({ ...one, status: statuses.get(one.id) ?? 'lost' }));
    for (const [at, { id, status: is }] of made.entries()) {
      const said = this.answered[at]?.status;
      if (is === 'lost' || (said !== 'QUEUED' && said !== is))
        wrong.push(`transfer ${id} was answered as ${said}, and is ${is}`);
    }
    return { made, wrong };
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
    const from = this.random.pick(this.accounts).id;
    const to = this.random.pick(this.accounts.filter(({ id }) => id !== from)).id;
    const body = { from, to, amount: this.random.between(1, AMOUNT_MAX) };
    const path = `/v1/transfers?skipQueue=${this.random.chance(0.2)}`;
    const { gatewayUrl } = this;
    const closing = this.leaving.signal;
    while (!closing.aborted) {
      const answer = await post<{ id: string; status: string }>({ gatewayUrl, closing }, path, {
        key: `transfer-${n}`,
        body,
      });
      if (answer) {
        this.answered.push({ ...body, id: answer.id, status: answer.status });
        return;
      }
      await delay(PAUSE_MS);
    }
  }
}
