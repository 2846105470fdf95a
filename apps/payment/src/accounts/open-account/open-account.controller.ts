import { type AccountView, OpenAccountRequest } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Headers, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { openAccountOnce } from './open-account.handler.js';

@Controller('accounts')
export class OpenAccountController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post()
  async open(
    @Body(zod(OpenAccountRequest)) body: OpenAccountRequest,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountView> {
    const request = keyed(idempotencyKeyIn(headers), body, { id: newId(), ...body });
    const { answer, replayed } = await this.unitOfWork.request(openAccountOnce, request);
    tellChanged(reply, answer.version, replayed);
    return answer;
  }
}
