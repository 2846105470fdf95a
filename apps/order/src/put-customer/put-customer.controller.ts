import { CustomerId } from '@backstep/contracts';
import { type CustomerView, PutCustomerRequest } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { putCustomerOnce } from './put-customer.handler.js';

@Controller('customers')
export class PutCustomerController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Put(':id')
  async put(
    @Param('id', zod(CustomerId)) id: string,
    @Body(zod(PutCustomerRequest)) body: z.output<typeof PutCustomerRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const key = idempotencyKeyIn(headers);
    const basis = versionOf(headers['if-match']);
    const { name, email = null, phone = null, address = null } = body;
    const request = { id, basis, edit: { name, email, phone, address } };
    const { answer, replayed } = await this.unitOfWork.request(putCustomerOnce, keyed(key, request, request));
    tellChanged(reply, answer.customer.version, replayed);
    void reply.status(answer.created ? HttpStatus.CREATED : HttpStatus.OK);
    return answer.customer;
  }
}
