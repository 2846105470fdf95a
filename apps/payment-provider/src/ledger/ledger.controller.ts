import { zod } from '@backstep/problems';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Provider } from '../provider.js';
import { captured, type Ledger } from './ledger.js';
import type { IntentRecord } from './records.js';

const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  after: z.string().max(100).optional(),
  orderId: z.string().max(100).optional(),
});
type Page = z.infer<typeof Page>;

/** For `backstep doctor`, which compares it with the payment service. Stripe has no such route, and doctor then compares the payment service with itself only. */
@Controller('ledger')
@RouteConfig({ operator: true })
export class LedgerController {
  constructor(@Inject(Provider) private readonly provider: Provider) {}

  /** Totals over everything, and a page of intents, oldest first; `next`, when there is more, goes into `after`. */
  @Get()
  async read(@Query(zod(Page)) { limit, after, orderId }: Page) {
    await this.provider.settled();
    const { ledger } = this.provider;
    const totals = sums(ledger);
    const intents: IntentRecord[] = [];
    let next: string | undefined;
    for await (const intent of ledger.oldestFirst('intent', after, orderId)) {
      if (orderId !== undefined && intent.metadata['orderId'] !== orderId) continue;
      if (intents.length === limit) {
        next = intents.at(-1)?.id;
        break;
      }
      intents.push(intent);
    }
    return { ...totals, intents: intents.map((intent) => describe(ledger, intent)), next };
  }
}

/** `captured` and `refunded` add up minor units of all currencies; `byCurrency` keeps them apart. */
function sums(ledger: Ledger) {
  const totals = [...ledger.totalsByCurrency()].map(([currency, sum]) => [currency.toUpperCase(), sum] as const);
  return {
    captured: totals.reduce((sum, [, total]) => sum + total.captured, 0),
    refunded: totals.reduce((sum, [, total]) => sum + total.refunded, 0),
    byCurrency: Object.fromEntries(totals),
  };
}

const describe = (ledger: Ledger, intent: IntentRecord) => ({
  id: intent.id,
  orderId: intent.metadata['orderId'],
  paymentIntentId: intent.metadata['paymentIntentId'],
  chargeId: intent.metadata['chargeId'],
  status: intent.declined ? 'declined' : 'captured',
  currency: intent.currency.toUpperCase(),
  captured: captured(intent),
  refunded: ledger.refunded(intent),
  createdAt: new Date(intent.createdAt).toISOString(),
});
