import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { idempotencyKeyIn, keyed, tellReplayed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { Sku } from '@backstep/contracts';
import { AdjustStockRequest, ON_HAND_MAX, type ProductView } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { adjustStockOnce } from './adjust-stock.handler.js';

@Controller('products')
export class AdjustStockController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post(':sku/adjustments')
  @HttpCode(200)
  async adjust(
    @Param('sku', zod(Sku)) sku: string,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Body(zod(AdjustStockRequest)) body: z.output<typeof AdjustStockRequest>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const key = idempotencyKeyIn(headers);
    const sent = { sku, ...body };
    const adjustment = keyed(key, sent, { ...sent, adjustmentId: newId() });
    const { answer, replayed } = await this.unitOfWork.request(adjustStockOnce, adjustment);
    tellReplayed(reply, replayed);
    if (answer.outcome === 'unknown')
      throw new ProblemError(PROBLEMS.notFound, { detail: `There is no product ${sku}.` });
    if (answer.outcome === 'below_reserved') {
      throw new ProblemError(PROBLEMS.conflict, {
        detail: `${answer.product.reserved} of ${sku} are promised to orders; on hand cannot fall below that.`,
        extensions: { current: answer.product },
      });
    }
    if (answer.outcome === 'above_largest') {
      const message = `would bring what is on hand above ${ON_HAND_MAX}`;
      throw new ProblemError(PROBLEMS.outOfRange, {
        detail: `delta: ${message}; it is ${answer.product.onHand} now.`,
        errors: [{ in: 'body', field: 'delta', pointer: '#/delta', message }],
        extensions: { current: answer.product },
      });
    }
    return answer.product;
  }
}
