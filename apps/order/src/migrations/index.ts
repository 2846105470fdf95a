import { UnitOfWorkTables1700000000001 } from '@backstep/unit-of-work';
import { Orders1700000000002 } from './0002-orders.js';

export const MIGRATIONS = [UnitOfWorkTables1700000000001, Orders1700000000002];
