import { SagaTables1700000000002, SagaTimerWakes1700000000003, SagaWakes1700000000004 } from '@backstep/saga';
import { UnitOfWorkTables1700000000001 } from '@backstep/unit-of-work';

export const MIGRATIONS = [
  UnitOfWorkTables1700000000001,
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaWakes1700000000004,
];
