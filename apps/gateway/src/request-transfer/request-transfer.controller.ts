import { TransferRequest, TransferView } from '@backstep/contracts/http';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { IdempotencyKey } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { IDEMPOTENCY_REPLAYED, passReplayed } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { toTransfer, Transfer } from '../representations/transfer.js';
import { Services } from '../services/services.js';

const answer = {
  content: { 'application/json': Transfer },
  headers: { Location: 'Where it is read', ...IDEMPOTENCY_REPLAYED },
  links: {
    transfer: { operationId: 'readTransfer', parameters: { transferId: '$response.body#/id' } },
    from: { operationId: 'readAccount', parameters: { accountId: '$response.body#/from' } },
    to: { operationId: 'readAccount', parameters: { accountId: '$response.body#/to' } },
  },
};

export const requestTransfer = operation({
  id: 'requestTransfer',
  operator: true,
  method: 'POST',
  path: PATHS.transfers,
  tag: 'Accounts',
  summary: 'Move money from one account to another',
  description:
    'The transfer is stored, and decided soon: read it. Transfers that share an account are decided in the order in which they were stored, ' +
    'whichever side of them it is. With `skipQueue=true` it is decided in this request, with no order among those that are queued. ' +
    'An account that does not cover the amount is no error: the transfer is REJECTED.',
  query: {
    skipQueue: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: '`true`: decided in this request. A transfer that is queued already stays so.' }),
  },
  headers: {
    'Idempotency-Key': IdempotencyKey.meta({
      description:
        'Chosen by the client, one for each transfer, for good. The same key with the same body is the same transfer.',
    }),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: TransferRequest,
  answers: {
    202: { description: 'The transfer is QUEUED', ...answer },
    200: { description: 'The transfer is decided: APPLIED or REJECTED', ...answer },
  },
  problems: [
    PROBLEMS.idempotencyKeyMissing,
    PROBLEMS.idempotencyKeyReused,
    SHOP_PROBLEMS.unknownAccount,
    SHOP_PROBLEMS.otherCurrency,
    PROBLEMS.contended,
    PROBLEMS.overloaded,
    PROBLEMS.unavailable,
  ],
});

@Controller()
export class RequestTransferController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(requestTransfer)
  async request(
    @Input(requestTransfer) { query, headers, body, context }: InputOf<typeof requestTransfer>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Transfer> {
    const answer = await this.services.payment.request(context, {
      answer: TransferView,
      method: 'POST',
      path: '/transfers',
      query,
      headers: { 'idempotency-key': headers['Idempotency-Key'] },
      body,
    });
    passReplayed(answer, reply);
    const transfer = toTransfer(answer.body);
    void reply.status(answer.status).header('location', transfer.links.self);
    return transfer;
  }
}
