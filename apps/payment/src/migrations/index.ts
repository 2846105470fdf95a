import { UnitOfWorkTables1700000000001 } from '@backstep/unit-of-work';
import { PaymentIntentsAndLedger1700000000002 } from './0002-payment-intents-and-ledger.js';

export const MIGRATIONS = [UnitOfWorkTables1700000000001, PaymentIntentsAndLedger1700000000002];
