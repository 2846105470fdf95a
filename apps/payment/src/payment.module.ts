import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, Logger, Metrics } from '@backstep/service';
import { Database, PeriodicJobs } from '@backstep/messaging';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { Tables } from '@backstep/concurrency';
import { IdempotencyKey } from '@backstep/idempotency';
import { IdempotencyModule } from '@backstep/idempotency/nest';
import { LANE_ENTITIES } from '@backstep/lanes';
import { LanesModule } from '@backstep/lanes/nest';
import { NamedLocks } from '@backstep/locks';
import { LocksModule } from '@backstep/locks/nest';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Account } from './account/account.entity.js';
import { CancelPaymentIntentController } from './cancel-payment-intent/cancel-payment-intent.controller.js';
import { ChargePaymentHandler } from './charge-payment/charge-payment.handler.js';
import { ChargePaymentIntentController } from './charge-payment-intent/charge-payment-intent.controller.js';
import type { PaymentConfig } from './config.js';
import { CreatePaymentIntentController } from './create-payment-intent/create-payment-intent.controller.js';
import { LedgerEntry } from './ledger/ledger-entry.entity.js';
import { MIGRATIONS } from './migrations/index.js';
import { OpenAccountController } from './open-account/open-account.controller.js';
import { PatchPaymentIntentController } from './patch-payment-intent/patch-payment-intent.controller.js';
import { PaymentIntent } from './payment-intent/payment-intent.entity.js';
import { StripeProvider } from './provider/stripe-provider.js';
import { ReadAccountController } from './read-account/read-account.controller.js';
import { ReadLedgerController } from './read-ledger/read-ledger.controller.js';
import { ReadPaymentIntentsController } from './read-payment-intents/read-payment-intents.controller.js';
import { ReceiveWebhookController } from './receive-webhook/receive-webhook.controller.js';
import { WebhookMetrics } from './receive-webhook/webhook-metrics.js';
import { WebhookSignatures } from './receive-webhook/webhook-signatures.js';
import { RefundPaymentHandler } from './refund-payment/refund-payment.handler.js';
import { RefundPaymentIntentController } from './refund-payment-intent/refund-payment-intent.controller.js';
import { ProviderCallDue } from './settle-payment/provider-call-due.js';
import { ProviderMetrics } from './settle-payment/provider-metrics.js';
import { DEFAULT_LIMITS, ProviderWorker } from './settle-payment/provider-worker.js';
import { KnownTransfers } from './transfer/known-transfers.js';
import { transfers } from './transfer/transfer-money.handler.js';
import { Transfer } from './transfer/transfer.entity.js';
import { TransfersController } from './transfer/transfers.controller.js';

/** How often due payments without a lease are read, such as those of a crashed process, milliseconds. */
const SWEEP_EVERY_MS = 2_000;
/** How long a stopping service waits for the provider, milliseconds. Another instance repeats the calls that are not answered by then. */
const STOP_WITHIN_MS = 1_500;

@Module({
  imports: [
    serviceMessaging({
      service: 'payment',
      groupId: consumerGroupOf('payment'),
      catalogue: CATALOGUE,
      partitions: PARTITIONS,
      subjectField: 'orderId',
      handlers: [ChargePaymentHandler, RefundPaymentHandler],
      entities: [PaymentIntent, LedgerEntry, Account, Transfer, IdempotencyKey, ...LANE_ENTITIES],
      migrations: MIGRATIONS,
    }),
    LocksModule.forRoot(),
    IdempotencyModule.forRoot({
      config: CONFIG,
      retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: PaymentConfig) => IDEMPOTENCY_RETAIN_DAYS,
    }),
    LanesModule.forRoot({ lanes: [transfers] }),
  ],
  controllers: [
    CreatePaymentIntentController,
    PatchPaymentIntentController,
    ChargePaymentIntentController,
    CancelPaymentIntentController,
    RefundPaymentIntentController,
    ReadPaymentIntentsController,
    ReadLedgerController,
    OpenAccountController,
    ReadAccountController,
    TransfersController,
    ReceiveWebhookController,
  ],
  providers: [
    KnownTransfers,
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
        const worker = new ProviderWorker({ executor, tables, locks, unitOfWork, provider, metrics, logger });
        unitOfWork.on(ProviderCallDue, (intents) => worker.take(intents));
        return worker;
      },
      inject: [Database, NamedLocks, UnitOfWork, StripeProvider, ProviderMetrics, Logger],
    },
  ],
})
export class PaymentModule implements OnModuleInit, OnApplicationShutdown {
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
