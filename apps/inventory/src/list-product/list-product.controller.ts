import { Body, Controller, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import { newId } from '@backstep/messages';
import { Sku } from '@backstep/contracts';
import { type ProductView, PutProductRequest } from '@backstep/contracts/http';
import { entityTag, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ListProductHandler } from './list-product.handler.js';

@Controller('products')
export class ListProductController {
  private readonly handler = new ListProductHandler();

  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Put(':sku')
  async put(
    @Param('sku', zod(Sku)) sku: string,
    @Body(zod(PutProductRequest)) body: z.output<typeof PutProductRequest>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const { onHand = 0, ...edit } = body;
    const basis = versionOf(ifMatch);
    const asked = { sku, basis, edit, onHand, adjustmentId: newId() };
    const { outcome, product } = await this.unitOfWork.request(this.handler, asked);
    void reply.status(outcome === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    void reply.header('etag', entityTag(product.version));
    return product;
  }
}
