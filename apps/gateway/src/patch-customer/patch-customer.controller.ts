import { CustomerId } from '@backstep/contracts';
import { CustomerView, PatchCustomerRequest } from '@backstep/contracts/http';
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

export const patchCustomer = operation({
  id: 'patchCustomer',
  method: 'PATCH',
  path: PATHS.customer,
  tag: 'Customers',
  summary: "Change fields of a customer's profile",
  description:
    'A JSON Merge Patch (RFC 7386): fields that it names get its values, null deletes one. It is merged with what ' +
    'others have changed since the version of If-Match. The same field changed by both, or two parts of one address, is refused with 412; ' +
    '`clashing` names the fields.',
  params: { customerId: CustomerId },
  headers: {
    'If-Match': IfMatch,
    'Idempotency-Key': keyForEach('change'),
  },
  absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
  body: PatchCustomerRequest,
  answers: {
    200: {
      description: 'The profile as it is now',
      content: { 'application/json': Customer },
      headers: CHANGED,
      links: { customer: { operationId: 'readCustomer', parameters: { customerId: '$response.body#/id' } } },
    },
  },
  problems: [
    PROBLEMS.notFound,
    PROBLEMS.preconditionRequired,
    PROBLEMS.preconditionFailed,
    PROBLEMS.idempotencyKeyReused,
    PROBLEMS.contended,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class PatchCustomerController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(patchCustomer)
  async patch(
    @Input(patchCustomer) { params: { customerId }, headers, body, context }: InputOf<typeof patchCustomer>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    const answer = await this.services.order.request(context, {
      answer: CustomerView,
      method: 'PATCH',
      path: `/customers/${customerId}`,
      headers: conditionsOf(headers),
      body,
    });
    const customer = toCustomer(answer.body);
    tellChanged(answer, customer, reply);
    return customer;
  }
}
