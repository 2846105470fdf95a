/** What is stored in the end (no spec itself). */
export interface Books {
  readonly accounts: readonly {
    readonly id: string;
    readonly balance: number;
    readonly overdraftLimit: number;
    readonly version: number;
  }[];
  readonly entries: readonly {
    readonly transactionId: string;
    readonly account: string;
    readonly amount: number;
    readonly accountVersion: number | null;
  }[];
  readonly transfers: readonly { readonly id: string; readonly status: string }[];
  /** Entries of the lane. */
  readonly queue: readonly { readonly id: string; readonly state: string }[];
}

/** A transfer that somebody has asked for, and when: in numbers that only grow. */
export interface Asked {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly queued: boolean;
  readonly began: number;
  readonly answered: number;
  /** As it was answered: QUEUED, or how it ended. */
  readonly status: string;
}

/**
 * @param opened what all accounts were opened with, together
 * @returns a sentence for whatever is wrong: money that came or went, a balance that its entries do not add up to, or that is below its limit,
 * a transfer that is not decided once or not as it was said to be, transfers of an account in another order than they were queued
 */
export function whatIsWrong(asked: readonly Asked[], books: Books, opened: number): string[] {
  return [
    ...new Set([
      ...moneyThatIsWrong(books, opened),
      ...outcomesThatAreWrong(asked, books),
      ...orderThatIsWrong(asked, books),
    ]),
  ];
}

export function* moneyThatIsWrong({ accounts, entries }: Books, opened: number): Generator<string> {
  const all = entries.reduce((sum, { amount }) => sum + amount, 0);
  if (all !== 0) yield `the entries add up to ${all}`;
  const held = accounts.reduce((sum, { balance }) => sum + balance, 0);
  if (held !== opened) yield `the accounts hold ${held}, and were opened with ${opened}`;
  for (const { id, balance, overdraftLimit, version } of accounts) {
    const own = entries.filter(({ account }) => account === `account:${id}`);
    const added = -own.reduce((sum, { amount }) => sum + amount, 0);
    if (balance !== added) yield `a balance is ${balance}, and its entries add up to ${added}`;
    if (balance < -overdraftLimit) yield `a balance is ${balance}, with a limit of ${overdraftLimit}`;
    const versions = new Set(own.map(({ accountVersion }) => accountVersion));
    if (versions.size !== own.length || version !== own.length)
      yield `an account of version ${version} has ${own.length} entries`;
  }
}

function* outcomesThatAreWrong(asked: readonly Asked[], { transfers, entries, queue }: Books): Generator<string> {
  const statuses = new Map(transfers.map(({ id, status }) => [id, status]));
  const states = new Map(queue.map(({ id, state }) => [id, state]));
  const lines = new Map<string, number>();
  for (const { transactionId } of entries) lines.set(transactionId, (lines.get(transactionId) ?? 0) + 1);
  for (const { id, status: told, queued } of asked) {
    const status = statuses.get(id);
    if (status !== 'APPLIED' && status !== 'REJECTED') yield `a transfer is ${states.get(id) ?? 'lost'}`;
    if (told !== 'QUEUED' && told !== status) yield `a transfer that was said to be ${told} is ${status}`;
    if (queued && states.get(id) === 'REJECTED') yield 'a transfer was not applied by the lane';
    const made = lines.get(`transfer:${id}`) ?? 0;
    if (made !== (status === 'APPLIED' ? 2 : 0)) yield `a transfer that is ${status} has ${made} entries`;
  }
}

/** Of each two queued transfers of an account, the one that was answered before the other began is applied before it, whichever side it is. */
function* orderThatIsWrong(asked: readonly Asked[], { accounts, entries }: Books): Generator<string> {
  const queued = new Map(asked.filter((one) => one.queued).map((one) => [`transfer:${one.id}`, one]));
  for (const { id } of accounts) {
    const made = entries
      .filter(({ account }) => account === `account:${id}`)
      .sort((a, b) => (a.accountVersion ?? 0) - (b.accountVersion ?? 0));
    let latest = 0;
    for (const { transactionId } of made) {
      const one = queued.get(transactionId);
      if (!one) continue;
      if (one.answered < latest) yield 'transfers of an account are applied in another order than they were queued';
      latest = Math.max(latest, one.began);
    }
  }
}
