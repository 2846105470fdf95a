import { AccountId } from '@backstep/contracts';
import type { AccountView } from '@backstep/contracts/http';
import { Database } from '@backstep/messaging';
import { entityTag, ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../account/account.entity.js';
import { accountView } from '../account/account.view.js';

const SELECT = `
  SELECT id, currency, balance::float8 AS balance, overdraft_limit::float8 AS "overdraftLimit", opened_at AS "openedAt",
    version::float8 AS version
  FROM account WHERE id = $1`;

@Controller('accounts')
export class ReadAccountController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get(':id')
  async read(
    @Param('id', zod(AccountId)) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountView> {
    const { rows } = await this.database.pool.query<Account>(SELECT, [id]);
    const [row] = rows;
    if (!row) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no account ${id}.` });
    void reply.header('etag', entityTag(row.version));
    return accountView(row);
  }
}
