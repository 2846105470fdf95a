import { CustomerId } from '@backstep/contracts';
import { CustomerView, PutCustomerRequest } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHANGED, conditionsOf, tellChanged } from '../api/change.js';
import { IfMatch } from '../api/etag.js';
import { keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Customer, toCustomer } from '../representations/customer.js';
import { Services } from '../services/services.js';

const links = { customer: { operationId: 'readCustomer', parameters: { customerId: '$response.body#/id' } } };

export const putCustomer = operation({
  id: 'putCustomer',
  method: 'PUT',
  path: PATHS.customer,
  tag: 'Customers',
  summary: "Create or replace a customer's profile",
  description:
    'The client chooses the id, a UUID. A field that is as it was at the version of If-Match counts as unchanged: what others have changed ' +
    'since then stays, and only a field that both have changed is refused. Orders already placed keep the address that they have.',
  params: { customerId: CustomerId },
  headers: {
    'If-Match': IfMatch.optional().meta({
      description: 'The ETag the profile was read with; left out for a new customer',
    }),
    'Idempotency-Key': keyForEach('change'),
  },
  body: PutCustomerRequest,
  answers: {
    200: { description: 'The profile is replaced', content: { 'application/json': Customer }, headers: CHANGED, links },
    201: {
      description: 'The customer is new',
      content: { 'application/json': Customer },
      headers: { ...CHANGED, Location: 'Where the profile is read' },
      links,
    },
  },
  problems: [
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class PutCustomerController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(putCustomer)
  async put(
    @Input(putCustomer) { params: { customerId }, headers, body, context }: InputOf<typeof putCustomer>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    const answer = await this.services.order.request(context, {
      answer: CustomerView,
      method: 'PUT',
      path: `/customers/${customerId}`,
      headers: conditionsOf(headers),
      body,
    });
    const customer = toCustomer(answer.body);
    tellChanged(answer, customer, reply);
    return customer;
  }
}
