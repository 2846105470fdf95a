import { CustomerId } from '@backstep/contracts';
import { type CustomerView, PatchCustomerRequest } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, Inject, Param, Patch, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { patchCustomerOnce } from './patch-customer.handler.js';

@Controller('customers')
export class PatchCustomerController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Patch(':id')
  async patch(
    @Param('id', zod(CustomerId)) id: string,
    @Body(zod(PatchCustomerRequest)) edit: z.output<typeof PatchCustomerRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const key = idempotencyKeyIn(headers);
    const request = { id, basis: versionOf(headers['if-match']), edit };
    const { answer, replayed } = await this.unitOfWork.request(patchCustomerOnce, keyed(key, request, request));
    tellChanged(reply, answer.customer.version, replayed);
    return answer.customer;
  }
}
