import { within } from '../waiting.js';
import { post } from './post.js';

export interface OpenedAccount {
  readonly id: string;
  readonly openingBalance: number;
  readonly overdraftLimit: number;
}

/**
 * Of one account some hundred orders can be paid, and what is transferred from it goes to the others. Those are drained within seconds: most of
 * their orders are refused, until something is transferred to them or given back.
 */
const ACCOUNTS = [3_000_000, 40_000, 40_000, 20_000].map((openingBalance) => ({
  openingBalance,
  overdraftLimit: 1_000,
}));
const OPENED_WITHIN_MS = 60_000;

/** @throws Error when they cannot be opened in time */
export async function openAccounts(gatewayUrl: string): Promise<OpenedAccount[]> {
  const opened: OpenedAccount[] = [];
  const closing = AbortSignal.timeout(OPENED_WITHIN_MS);
  const all = await within(OPENED_WITHIN_MS, async () => {
    const next = ACCOUNTS[opened.length];
    if (!next) return true;
    const body = { currency: 'EUR', ...next };
    const made = await post<{ id: string }>({ gatewayUrl, closing }, '/v1/accounts', {
      key: `account-${opened.length}`,
      body,
    });
    if (made) opened.push({ id: made.id, ...next });
    return opened.length === ACCOUNTS.length;
  });
  if (!all) throw new Error('the accounts could not be opened');
  return opened;
}
