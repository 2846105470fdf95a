import { CustomerId } from '@backstep/contracts';
import { CustomerView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Customer, toCustomer } from '../representations/customer.js';
import { Services } from '../services/services.js';

const seen = { customerId: '$response.body#/id', 'If-Match': '$response.header.ETag' };

export const readCustomer = operation({
  id: 'readCustomer',
  method: 'GET',
  path: PATHS.customer,
  tag: 'Customers',
  summary: "Read a customer's profile",
  params: { customerId: CustomerId },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The profile',
      content: { 'application/json': Customer },
      headers: { ETag: ETAG },
      links: {
        replace: { operationId: 'putCustomer', parameters: seen },
        change: { operationId: 'patchCustomer', parameters: seen },
      },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadCustomerController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readCustomer)
  async read(
    @Input(readCustomer) { params: { customerId }, headers, context }: InputOf<typeof readCustomer>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer | undefined> {
    const customer = toCustomer(await this.services.order.get(context, `/customers/${customerId}`, CustomerView));
    return isNotModified(reply, customer, headers['If-None-Match']) ? undefined : customer;
  }
}
