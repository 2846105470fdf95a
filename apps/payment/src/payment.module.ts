import { Module } from '@nestjs/common';
import { CONFIG } from '@backstep/service';
import { serviceMessaging } from '@backstep/service-messaging';
import { CATALOGUE, consumerGroupOf, PARTITIONS } from '@backstep/contracts';
import { IdempotencyKey } from '@backstep/idempotency';
import { IdempotencyModule } from '@backstep/idempotency/nest';
import { LANE_ENTITIES } from '@backstep/lanes';
import { LocksModule } from '@backstep/locks/nest';
import { Account } from './accounts/account/account.entity.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { Transfer } from './accounts/transfer/transfer.entity.js';
import type { PaymentConfig } from './config.js';
import { EVIDENCE } from './evidence.js';
import { ChargePaymentHandler } from './intents/charge-payment/charge-payment.handler.js';
import { IntentsModule } from './intents/intents.module.js';
import { PaymentIntent } from './intents/payment-intent/payment-intent.entity.js';
import { RefundPaymentHandler } from './intents/refund-payment/refund-payment.handler.js';
import { LedgerEntry } from './ledger/ledger-entry.entity.js';
import { MIGRATIONS } from './migrations/index.js';

/** Payment intents and accounts, on one ledger. */
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
      evidence: EVIDENCE,
    }),
    LocksModule.forRoot(),
    IdempotencyModule.forRoot({
      config: CONFIG,
      retainDays: ({ IDEMPOTENCY_RETAIN_DAYS }: PaymentConfig) => IDEMPOTENCY_RETAIN_DAYS,
    }),
    IntentsModule,
    AccountsModule,
  ],
})
export class PaymentModule {}
