import { Body, Controller, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { Sku } from '@backstep/contracts';
import { type ProductView, PutProductRequest } from '@backstep/contracts/http';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { listProductOnce } from './list-product.handler.js';

@Controller('products')
export class ListProductController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Put(':sku')
  async put(
    @Param('sku', zod(Sku)) sku: string,
    @Body(zod(PutProductRequest)) body: z.output<typeof PutProductRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const { onHand = 0, ...edit } = body;
    const key = idempotencyKeyIn(headers);
    const sent = { sku, basis: versionOf(headers['if-match']), edit, onHand };
    const listing = keyed(key, sent, { ...sent, adjustmentId: newId() });
    const { answer, replayed } = await this.unitOfWork.request(listProductOnce, listing);
    const { outcome, product } = answer;
    tellChanged(reply, product.version, replayed);
    void reply.status(outcome === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    return product;
  }
}
