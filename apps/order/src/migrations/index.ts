import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Orders1700000000002 } from './0002-orders.js';

export const MIGRATIONS = [...UNIT_OF_WORK_MIGRATIONS, Orders1700000000002];
