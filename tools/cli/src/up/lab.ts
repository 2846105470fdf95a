import type { LabOptions } from '@backstep/infrastructure';
import { comeAgain, PROBLEMS } from '@backstep/problems';
import { UnreachableError } from '../shared/exit-codes.js';

/** Of a system under load, the newest: what is kept of an order takes a few KB, and a person waits for the answer. */
const ORDERS_MAX = 500;

/** What `npm start` offers for development: faults in its services, and the doctor meanwhile, which is loaded when somebody asks it. */
export const LAB: LabOptions = {
  /** @throws ProblemError `unavailable` while a database, Kafka or the provider does not answer: nothing can be judged then */
  examine: async (environment) => {
    const { diagnose } = await import('../doctor/diagnose.js');
    try {
      return await diagnose(environment, { settleMs: 0, ordersMax: ORDERS_MAX });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      throw comeAgain(PROBLEMS.unavailable, { detail: error.message, cause: error });
    }
  },
};
