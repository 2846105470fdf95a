import {
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaVersionsCounted1700000000201,
  SagaWakes1700000000004,
} from '@backstep/saga';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  SagaTables1700000000002,
  SagaTimerWakes1700000000003,
  SagaWakes1700000000004,
  SagaVersionsCounted1700000000201,
];
