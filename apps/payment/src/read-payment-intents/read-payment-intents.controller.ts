import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { OrderId } from '@backstep/contracts';
import { entityTag, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { Database } from '@backstep/messaging';
import type { FastifyReply } from 'fastify';
import type { Failure, PaymentStatus } from '../payment-intent/payment-intent.rules.js';

/** A payment as the API shows it. How it was paid for is nobody's business. */
export interface PaymentIntentView {
  readonly id: string;
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly currency: string;
  readonly refundedAmount: number;
  readonly providerReference: string | null;
  readonly failure: Failure | null;
  readonly attempts: number;
  /** Why what the provider did is not known yet. */
  readonly problem: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const SELECT = `
  SELECT id, id AS "orderId", status, amount::float8 AS amount, currency,
    (CASE status WHEN 'REFUNDED' THEN amount ELSE 0 END)::float8 AS "refundedAmount",
    provider_reference AS "providerReference", state -> 'failure' AS failure, attempts,
    state ->> 'problem' AS problem, version,
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
    const { rows } = await this.database.pool.query<PaymentIntentView>(SELECT, [id]);
    if (!rows[0]) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no payment intent ${id}.` });
    void reply.header('etag', entityTag(rows[0].version));
    return rows[0];
  }
}
