import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Param,
  Post,
  HttpCode,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LedgerRecord } from '../ledger/records.js';
import { Provider } from '../provider.js';
import { AilmentGuard } from './ailment.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { type Form, parseForm } from './form.js';
import { originOf } from './idempotency.js';
import { declineOf, listObject, paymentIntentObject, refundObject } from './objects.js';
import { chargeParameters, pageParameters, refundParameters } from './parameters.js';
import { noSuch, StripeErrorFilter } from './stripe-error.js';

type QueryParameters = Readonly<Record<string, unknown>>;

/** The part of Stripe's API that Backstep uses, spoken so that the official client cannot tell the difference. */
@Controller('v1')
@UseGuards(ApiKeyGuard, AilmentGuard)
@UseFilters(StripeErrorFilter)
export class StripeController {
  constructor(@Inject(Provider) private readonly provider: Provider) {}

  @Post('payment_intents')
  @HttpCode(200)
  async createIntent(
    @Body() form: Form | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = chargeParameters(formOf(form));
    const { record, replayed } = await this.provider.charge(parameters, originOf(key, request.url, formOf(form)));
    if (!replayed) this.watch(record, reply);
    if (parameters.card.losesFirstAnswer && !replayed) return lose(request, reply);
    tellOfReplay(reply, key, replayed);
    const decline = declineOf(record);
    if (decline) throw decline;
    return paymentIntentObject(record);
  }

  @Get('payment_intents/:id')
  async readIntent(@Param('id') id: string) {
    await this.provider.settled();
    const intent = await this.provider.ledger.find('intent', id);
    if (!intent) throw noSuch('payment_intent', id, 'intent', 404);
    return paymentIntentObject(intent);
  }

  @Get('payment_intents')
  async listIntents(@Query() query: QueryParameters) {
    const { limit, startingAfter } = pageParameters(query);
    await this.provider.settled();
    const { ledger } = this.provider;
    if (startingAfter !== undefined && !(await ledger.find('intent', startingAfter))) {
      throw noSuch('payment_intent', startingAfter, 'starting_after', 400);
    }
    return listObject('/v1/payment_intents', ledger.newestFirst('intent', startingAfter), limit, paymentIntentObject);
  }

  @Post('refunds')
  @HttpCode(200)
  async createRefund(
    @Body() form: Form | undefined,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = refundParameters(formOf(form));
    const { record, replayed } = await this.provider.refund(parameters, originOf(key, request.url, formOf(form)));
    if (!replayed) {
      this.watch(record, reply);
      if ((await this.provider.cardOf(record))?.losesFirstRefundAnswer) return lose(request, reply);
    }
    tellOfReplay(reply, key, replayed);
    return refundObject(record);
  }

  @Get('refunds/:id')
  async readRefund(@Param('id') id: string) {
    await this.provider.settled();
    const refund = await this.provider.ledger.find('refund', id);
    if (!refund) throw noSuch('refund', id, 'refund', 404);
    return refundObject(refund);
  }

  @Get('refunds')
  async listRefunds(@Query() query: QueryParameters) {
    const { limit, startingAfter } = pageParameters(query, 'payment_intent');
    await this.provider.settled();
    const { ledger } = this.provider;
    if (startingAfter !== undefined && !(await ledger.find('refund', startingAfter))) {
      throw noSuch('refund', startingAfter, 'starting_after', 400);
    }
    const { payment_intent: of } = query;
    return listObject('/v1/refunds', only(ledger.newestFirst('refund', startingAfter), of), limit, refundObject);
  }

  /** Notices when nobody takes the answer: the client has hung up before it, or hangs up during it. */
  private watch(record: LedgerRecord, { raw }: FastifyReply): void {
    if (raw.destroyed || raw.socket?.destroyed === true) return this.provider.unheard(record);
    raw.once('close', () => {
      if (!raw.writableFinished) this.provider.unheard(record);
    });
  }
}

async function* only<R extends { readonly intent: string }>(
  refunds: AsyncIterable<R>,
  intent: unknown,
): AsyncGenerator<R> {
  for await (const refund of refunds) if (intent === undefined || refund.intent === intent) yield refund;
}

/** Drops the connection instead of an answer. */
function lose(request: FastifyRequest, reply: FastifyReply): undefined {
  reply.hijack();
  request.raw.socket.destroy();
}

/** A request without a body has no parameters, and the missing ones are named. */
const formOf = (form: Form | undefined): Form => form ?? parseForm('');

function tellOfReplay(reply: FastifyReply, key: string | undefined, replayed: boolean): void {
  if (key !== undefined) void reply.header('idempotency-key', key);
  if (replayed) void reply.header('idempotent-replayed', 'true');
}
