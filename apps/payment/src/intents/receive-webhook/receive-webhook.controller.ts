import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import type { WebhookAnswer } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { Context, loggable, Logger, type RequestContext } from '@backstep/service';
import { UnitOfWork } from '@backstep/unit-of-work';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ContradictoryOutcomeError } from '../payment-intent/payment-intent.rules.js';
import { UnexpectedAnswerError } from '../provider/payment-provider.js';
import { readEvent, type ProviderEvent } from './provider-event.js';
import { delivery, receiveWebhookOnce } from './receive-webhook.handler.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { WebhookSignatures } from './webhook-signatures.js';

/** Takes in what the provider tells unasked. 2xx means that what follows from the event is stored: it need not come again. */
@Controller('webhooks')
export class ReceiveWebhookController {
  constructor(
    @Inject(WebhookSignatures) private readonly signatures: WebhookSignatures,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(WebhookMetrics) private readonly metrics: WebhookMetrics,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Post('provider')
  @HttpCode(200)
  @RouteConfig({ rawBody: true })
  async receive(
    @Body() bytes: Buffer | undefined,
    @Headers('stripe-signature') signature: string | undefined,
    @Context() context: RequestContext,
  ): Promise<WebhookAnswer> {
    try {
      const told = this.signatures.verify(bytes ?? Buffer.alloc(0), signature ?? '');
      const event = readEvent(told);
      const answer = typeof event === 'string' ? { outcome: event } : await this.store(event, told.type, context);
      if (answer.outcome === 'unknown_payment') {
        this.logger.info('the provider tells of a payment that is not here', {
          ...loggable(context),
          eventId: told.id,
        });
      }
      this.metrics.received.inc({ outcome: answer.outcome });
      return answer;
    } catch (error) {
      this.metrics.received.inc({
        outcome: error instanceof ProblemError && error.status < 500 ? 'refused' : 'failed',
      });
      throw error;
    }
  }

  /** @throws ProblemError `conflict` when the event contradicts the payment; a person must look */
  private async store(event: ProviderEvent, type: string, context: RequestContext): Promise<WebhookAnswer> {
    try {
      const { answer, replayed } = await this.unitOfWork.request(receiveWebhookOnce, delivery(event));
      return replayed ? { outcome: 'duplicate' } : answer;
    } catch (error) {
      if (!contradicts(error)) throw error;
      this.logger.error('an event of the provider contradicts what is known of its payment; nothing was stored', {
        ...loggable(context),
        eventId: event.id,
        type,
        paymentIntentId: event.paymentIntentId,
        reason: error.message,
      });
      throw new ProblemError(PROBLEMS.conflict, { detail: 'The event contradicts what is known of its payment.' });
    }
  }
}

const contradicts = (error: unknown): error is Error =>
  error instanceof UnexpectedAnswerError ||
  error instanceof ContradictoryOutcomeError ||
  (error instanceof ProblemError && error.problem === PROBLEMS.idempotencyKeyReused);
