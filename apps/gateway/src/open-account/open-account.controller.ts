import { AccountView, OpenAccountRequest } from '@backstep/contracts/http';
import { IdempotencyKey } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CHANGED, tellChanged } from '../api/change.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Account, toAccount } from '../representations/account.js';
import { Services } from '../services/services.js';

export const openAccount = operation({
  id: 'openAccount',
  operator: true,
  method: 'POST',
  path: PATHS.accounts,
  tag: 'Accounts',
  summary: 'Open an account',
  description:
    'What is paid in comes from outside: in the ledger it is a movement from `deposits`, so that all entries still add up to zero. ' +
    'An account is never deleted, and its currency never changes.',
  headers: {
    'Idempotency-Key': IdempotencyKey.meta({
      description:
        'Chosen by the client, one for each account. The same key with the same body gives the same account.',
    }),
  },
  headerProblems: { 'Idempotency-Key': PROBLEMS.idempotencyKeyMissing },
  body: OpenAccountRequest,
  answers: {
    201: {
      description: 'The account',
      content: { 'application/json': Account },
      headers: { Location: 'Where it is read', ...CHANGED },
      links: { account: { operationId: 'readAccount', parameters: { accountId: '$response.body#/id' } } },
    },
  },
  problems: [PROBLEMS.idempotencyKeyMissing, PROBLEMS.idempotencyKeyReused, PROBLEMS.contended, PROBLEMS.unavailable],
});

@Controller()
export class OpenAccountController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(openAccount)
  async open(
    @Input(openAccount) { headers, body, context }: InputOf<typeof openAccount>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Account> {
    const answer = await this.services.payment.request(context, {
      answer: AccountView,
      method: 'POST',
      path: '/accounts',
      headers: { 'idempotency-key': headers['Idempotency-Key'] },
      body,
    });
    const account = toAccount(answer.body);
    tellChanged(answer, account, reply);
    return account;
  }
}
