import { AccountId } from '@backstep/contracts';
import { AccountView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Account, toAccount } from '../representations/account.js';
import { Services } from '../services/services.js';

export const readAccount = operation({
  id: 'readAccount',
  operator: true,
  method: 'GET',
  path: PATHS.account,
  tag: 'Accounts',
  summary: 'Read the balance of an account',
  description: 'Transfers that are still queued are not in the balance.',
  params: { accountId: AccountId },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The account',
      content: { 'application/json': Account },
      headers: { ETag: ETAG },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadAccountController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readAccount)
  async read(
    @Input(readAccount) { params: { accountId }, headers, context }: InputOf<typeof readAccount>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Account | undefined> {
    const account = toAccount(await this.services.payment.get(context, `/accounts/${accountId}`, AccountView));
    return isNotModified(reply, account, headers['If-None-Match']) ? undefined : account;
  }
}
