import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { OrderId } from '@backstep/contracts';
import type { PaymentIntentView } from '@backstep/contracts/http';
import { entityTag, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import type { FastifyReply } from 'fastify';

type Row = Omit<PaymentIntentView, 'createdAt' | 'updatedAt'> & Readonly<Record<'createdAt' | 'updatedAt', Date>>;

const SELECT = `
  SELECT id, id AS "orderId", status, amount::float8 AS amount, currency,
    (CASE status WHEN 'REFUNDED' THEN amount ELSE 0 END)::float8 AS "refundedAmount",
    provider_reference AS "providerReference", state -> 'failure' AS failure, attempts,
    state ->> 'problem' AS problem, version::float8 AS version,
    created_at AS "createdAt", updated_at AS "updatedAt"
  FROM payment_intent WHERE id = $1`;

@Controller('payment-intents')
export class ReadPaymentIntentsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get(':id')
  async read(
    @Param('id', zod(OrderId)) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIntentView> {
    const { rows } = await this.database.pool.query<Row>(SELECT, [id]);
    const [row] = rows;
    if (!row) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no payment intent ${id}.` });
    void reply.header('etag', entityTag(row.version));
    return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
  }
}
