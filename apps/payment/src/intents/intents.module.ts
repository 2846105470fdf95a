import { Tables } from '@backstep/concurrency';
import { NamedLocks } from '@backstep/locks';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { CONFIG, Logger, Metrics } from '@backstep/service';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { PaymentConfig } from '../config.js';
import { CancelPaymentIntentController } from './cancel-payment-intent/cancel-payment-intent.controller.js';
import { ChargePaymentIntentController } from './charge-payment-intent/charge-payment-intent.controller.js';
import { CreatePaymentIntentController } from './create-payment-intent/create-payment-intent.controller.js';
import { PatchPaymentIntentController } from './patch-payment-intent/patch-payment-intent.controller.js';
import { StripeProvider } from './provider/stripe-provider.js';
import { ReadLedgerController } from './read-ledger/read-ledger.controller.js';
import { ReadPaymentIntentsController } from './read-payment-intents/read-payment-intents.controller.js';
import { ReceiveWebhookController } from './receive-webhook/receive-webhook.controller.js';
import { WebhookMetrics } from './receive-webhook/webhook-metrics.js';
import { WebhookSignatures } from './receive-webhook/webhook-signatures.js';
import { RefundPaymentIntentController } from './refund-payment-intent/refund-payment-intent.controller.js';
import { ProviderCallDue } from './settle-payment/provider-call-due.js';
import { ProviderMetrics } from './settle-payment/provider-metrics.js';
import { DEFAULT_LIMITS, ProviderWorker } from './settle-payment/provider-worker.js';

/** How often due payments without a lease are read, such as those of a crashed process, milliseconds. */
const SWEEP_EVERY_MS = 2_000;
/** How long a stopping service waits for the provider, milliseconds. Another instance repeats the calls that are not answered by then. */
const STOP_WITHIN_MS = 1_500;

/** Payment intents: their API, the worker that calls the provider, and the provider's webhooks. */
@Module({
  controllers: [
    CreatePaymentIntentController,
    PatchPaymentIntentController,
    ChargePaymentIntentController,
    CancelPaymentIntentController,
    RefundPaymentIntentController,
    ReadPaymentIntentsController,
    ReadLedgerController,
    ReceiveWebhookController,
  ],
  providers: [
    {
      provide: StripeProvider,
      useFactory: ({ STRIPE_API_BASE, STRIPE_SECRET_KEY }: PaymentConfig) =>
        new StripeProvider({
          apiBase: STRIPE_API_BASE,
          secretKey: STRIPE_SECRET_KEY,
          connectionsMax: DEFAULT_LIMITS.concurrency,
        }),
      inject: [CONFIG],
    },
    {
      provide: WebhookSignatures,
      useFactory: ({ STRIPE_WEBHOOK_SECRET: secret }: PaymentConfig) => new WebhookSignatures(secret),
      inject: [CONFIG],
    },
    { provide: WebhookMetrics, useFactory: (metrics: Metrics) => new WebhookMetrics(metrics), inject: [Metrics] },
    { provide: ProviderMetrics, useFactory: (metrics: Metrics) => new ProviderMetrics(metrics), inject: [Metrics] },
    {
      provide: ProviderWorker,
      useFactory: (
        { executor, dataSource }: Database,
        locks: NamedLocks,
        unitOfWork: UnitOfWork,
        provider: StripeProvider,
        metrics: ProviderMetrics,
        logger: Logger,
      ) => {
        const tables = new Tables(dataSource);
        const isOurs = (paymentIntentId: string): boolean => unitOfWork.isResponsibleFor(paymentIntentId);
        const worker = new ProviderWorker({ executor, tables, locks, isOurs, unitOfWork, provider, metrics, logger });
        unitOfWork.on(ProviderCallDue, (intents) => worker.take(intents));
        return worker;
      },
      inject: [Database, NamedLocks, UnitOfWork, StripeProvider, ProviderMetrics, Logger],
    },
  ],
})
export class IntentsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(ProviderWorker) private readonly worker: ProviderWorker,
    @Inject(StripeProvider) private readonly provider: StripeProvider,
    @Inject(ProviderMetrics) private readonly providerMetrics: ProviderMetrics,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(PeriodicJobs) private readonly jobs: PeriodicJobs,
    @Inject(Database) private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.jobs.every(SWEEP_EVERY_MS, 'look for due payments', () => this.worker.sweep());
    this.metrics.onScrape('payments', () => this.providerMetrics.collect(this.database.executor));
  }

  /** Runs after the consumer is closed and before the database is, so that late outcomes are still stored. */
  async onApplicationShutdown(): Promise<void> {
    await this.worker.stop(STOP_WITHIN_MS);
    this.provider.close();
  }
}
