import { TransferView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { toTransfer, Transfer } from '../representations/transfer.js';
import { Services } from '../services/services.js';

export const readTransfer = operation({
  id: 'readTransfer',
  operator: true,
  method: 'GET',
  path: PATHS.transfer,
  tag: 'Accounts',
  summary: 'Read whether a transfer was applied',
  params: { transferId: z.uuid() },
  answers: {
    200: {
      description: 'The transfer as it is now',
      content: { 'application/json': Transfer },
      links: {
        from: { operationId: 'readAccount', parameters: { accountId: '$response.body#/from' } },
        to: { operationId: 'readAccount', parameters: { accountId: '$response.body#/to' } },
      },
    },
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadTransferController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readTransfer)
  async read(
    @Input(readTransfer) { params: { transferId }, context }: InputOf<typeof readTransfer>,
  ): Promise<Transfer> {
    return toTransfer(await this.services.payment.get(context, `/transfers/${transferId}`, TransferView));
  }
}
