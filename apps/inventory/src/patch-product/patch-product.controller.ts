import { idempotencyKeyIn, keyed, tellReplayed } from '@backstep/idempotency';
import { Body, Controller, Headers, Inject, Param, Patch, Res } from '@nestjs/common';
import { Sku } from '@backstep/contracts';
import { PatchProductRequest, type ProductView } from '@backstep/contracts/http';
import { entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { patchProductOnce } from './patch-product.handler.js';

@Controller('products')
export class PatchProductController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Patch(':sku')
  async patch(
    @Param('sku', zod(Sku)) sku: string,
    @Body(zod(PatchProductRequest)) edit: z.output<typeof PatchProductRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const key = idempotencyKeyIn(headers);
    const request = { sku, basis: versionOf(headers['if-match']), edit };
    const { answer, replayed } = await this.unitOfWork.request(patchProductOnce, keyed(key, request, request));
    tellReplayed(reply, replayed);
    if (answer.outcome === 'unknown')
      throw new ProblemError(PROBLEMS.notFound, { detail: `There is no product ${sku}.` });
    void reply.header('etag', entityTag(answer.product.version));
    return answer.product;
  }
}
