import { UnitOfWorkTables1700000000001 } from '@backstep/unit-of-work';
import { Shipments1700000000002 } from './0002-shipments.js';

export const MIGRATIONS = [UnitOfWorkTables1700000000001, Shipments1700000000002];
