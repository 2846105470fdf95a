import { SAGA_MIGRATIONS } from '@backstep/saga/runtime';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';

export const MIGRATIONS = [...UNIT_OF_WORK_MIGRATIONS, ...SAGA_MIGRATIONS];
