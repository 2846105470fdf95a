import { ProblemError, PROBLEMS } from '@backstep/problems';

export const unknownShipment = (orderId: string): ProblemError =>
  new ProblemError(PROBLEMS.notFound, { detail: `There is no shipment for order ${orderId}.` });
