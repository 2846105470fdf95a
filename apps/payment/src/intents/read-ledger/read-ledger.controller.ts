import { Controller, Get, Inject } from '@nestjs/common';
import { Database } from '@backstep/messaging';

interface CurrencyTotals {
  readonly captured: number;
  readonly refunded: number;
}

interface TotalsRow extends CurrencyTotals {
  readonly currency: string;
}

/** The sums of charges and refunds, from one account, since the other is its mirror. */
const TOTALS = `
  SELECT currency, coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::float8 AS captured,
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::float8 AS refunded
  FROM ledger_entry WHERE account = 'provider_clearing' GROUP BY currency ORDER BY currency`;

/** For `backstep doctor`, which compares it with the provider's own ledger. It reads the whole ledger: do not call it often. */
@Controller('ledger')
export class ReadLedgerController {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Minor units by ISO 4217 code. */
  @Get('totals')
  async totals(): Promise<{ byCurrency: Record<string, CurrencyTotals> }> {
    const { rows } = await this.database.pool.query<TotalsRow>(TOTALS);
    return {
      byCurrency: Object.fromEntries(
        rows.map(({ currency, captured, refunded }) => [currency, { captured, refunded }]),
      ),
    };
  }
}
