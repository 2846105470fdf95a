import { UnreachableError } from '../../shared/exit-codes.js';
import { authorizationFor } from '../../shared/operator-token.js';
import type { ProviderFacts } from '@backstep/doctor';

const PAGE_INTENTS = 5_000;
const ANSWER_WITHIN_MS = 15_000;

interface LedgerPage {
  readonly intents: readonly {
    readonly id: string;
    readonly orderId?: string;
    readonly paymentIntentId?: string;
    readonly chargeId?: string;
    readonly currency: string;
    readonly captured: number;
    readonly refunded: number;
  }[];
  readonly next?: string;
}

/**
 * The provider's own ledger, by payment intent, of the orders after `from`; undefined when the provider keeps none that can be
 * read: only the stand-in does, and Stripe is in its place when its key is set.
 * @throws UnreachableError
 */
export async function gatherProvider(
  url: string,
  from: string,
  settings: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ReadonlyMap<string, ProviderFacts[]> | undefined> {
  if (settings['STRIPE_SECRET_KEY']) return undefined;
  const payments = new Map<string, ProviderFacts[]>();
  for (let after: string | undefined, more = true; more;) {
    const page: LedgerPage | undefined = await pageOf(url, after);
    if (!page) return undefined;
    for (const { id: reference, orderId, paymentIntentId, chargeId, currency, captured, refunded } of page.intents) {
      const owner = paymentIntentId ?? orderId ?? reference;
      if (owner <= from) continue;
      const facts = { reference, orderId, chargeId, currency, captured, refunded };
      const own = payments.get(owner);
      if (own) own.push(facts);
      else payments.set(owner, [facts]);
    }
    after = page.next;
    more = after !== undefined;
  }
  return payments;
}

async function pageOf(url: string, after: string | undefined): Promise<LedgerPage | undefined> {
  const query = new URLSearchParams({ limit: String(PAGE_INTENTS), ...(after === undefined ? {} : { after }) });
  try {
    const response = await fetch(`${url}/ledger?${query}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: authorizationFor(url),
    });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return (await response.json()) as LedgerPage;
  } catch (cause) {
    throw new UnreachableError(`The payment provider's ledger at ${url} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
