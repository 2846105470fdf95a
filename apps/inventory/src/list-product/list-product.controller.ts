import { Body, Controller, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import { newId } from '@backstep/messages';
import { Sku } from '@backstep/contracts';
import { type ProductView, PutProductRequest } from '@backstep/contracts/http';
import { entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
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
    const answer = await this.unitOfWork.request(this.handler, {
      sku,
      ...body,
      onHand: body.onHand ?? 0,
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
