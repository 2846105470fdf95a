import { Body, Controller, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import { freeText, newId } from '@backstep/messages';
import { MinorUnits, RequestedCurrency, Sku } from '@backstep/contracts';
import { entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ProductView } from '../product/product.view.js';
import { ON_HAND_MAX } from '../stock/stock.rules.js';
import { ListProductHandler } from './list-product.handler.js';

const ListProduct = z.strictObject({
  name: freeText(200),
  currency: RequestedCurrency,
  price: MinorUnits,
  onHand: z.int().min(0).max(ON_HAND_MAX).default(0),
});

@Controller('products')
export class ListProductController {
  private readonly handler = new ListProductHandler();

  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Put(':sku')
  async put(
    @Param('sku', zod(Sku)) sku: string,
    @Body(zod(ListProduct)) body: z.output<typeof ListProduct>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const answer = await this.unitOfWork.request(this.handler, {
      sku,
      ...body,
      ifMatch: versionOf(ifMatch),
      adjustmentId: newId(),
    });
    switch (answer.outcome) {
      case 'gone':
        throw new ProblemError(PROBLEMS.preconditionFailed, {
          detail: `There is no product ${sku} yet: leave If-Match out.`,
        });
      case 'precondition_required':
        throw new ProblemError(PROBLEMS.preconditionRequired, { detail: `${sku} exists: send its ETag as If-Match.` });
      case 'stale':
        throw new ProblemError(PROBLEMS.preconditionFailed, {
          extensions: { current: answer.product },
          headers: { etag: entityTag(answer.product.version) },
        });
      case 'created':
      case 'changed':
        void reply.status(answer.outcome === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
        void reply.header('etag', entityTag(answer.product.version));
        return answer.product;
    }
  }
}
