import { TransferRequest, type TransferView } from '@backstep/contracts/http';
import { idempotencyKeyIn, tellReplayed } from '@backstep/idempotency';
import type { Lane } from '@backstep/lanes';
import { InjectLane } from '@backstep/lanes/nest';
import { derivedId, newId } from '@backstep/messages';
import { ProblemError, PROBLEMS, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Get, Headers, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { KnownTransfers } from './known-transfers.js';
import { transferMoney, transfers, type TransferOrder } from './transfer-money.handler.js';
import { currencyOf, sameTransfer } from './transfer.rules.js';
import { queuedView } from './transfer.view.js';

const TransferId = z.uuid();
const SkipQueue = z.enum(['true', 'false']).optional();

@Controller('transfers')
export class TransfersController {
  constructor(
    @InjectLane(transfers) private readonly lane: Lane<TransferOrder, TransferView>,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(KnownTransfers) private readonly known: KnownTransfers,
  ) {}

  /** 202 while it is queued, 200 once it is decided. A key is one transfer, for good: its id is made of it. */
  @Post()
  async request(
    @Body(zod(TransferRequest)) body: TransferRequest,
    @Query('skipQueue', zod(SkipQueue)) skipQueue: z.output<typeof SkipQueue>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransferView> {
    const key = idempotencyKeyIn(headers);
    const id = key === undefined ? newId() : derivedId('transfer', key);
    const [known, currencies] = await Promise.all([
      key === undefined ? undefined : this.known.find(id),
      this.known.currencies(body.from, body.to),
    ]);
    tellReplayed(reply, known !== undefined);
    const transfer = known
      ? sameTransfer(known, body)
      : await this.carryOut({ id, ...body, currency: currencyOf(body, currencies) }, skipQueue === 'true');
    void reply.status(transfer.status === 'QUEUED' ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return transfer;
  }

  @Get(':id')
  async read(@Param('id', zod(TransferId)) id: string): Promise<TransferView> {
    const transfer = await this.known.find(id);
    if (!transfer) throw new ProblemError(PROBLEMS.notFound, { detail: `There is no transfer ${id}.` });
    return transfer;
  }

  private async carryOut(order: TransferOrder, now: boolean): Promise<TransferView> {
    if (now) return this.unitOfWork.request(transferMoney, order);
    return queuedView(await this.lane.enqueue(order, { id: order.id }));
  }
}
