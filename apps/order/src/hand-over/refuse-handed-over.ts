import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ProblemError } from '@backstep/problems';
import type { Order } from '../order/order.entity.js';
import type { HandOver } from './hand-over.entity.js';

const REASON = 'The carrier has the parcel.';

/**
 * A parcel that the carrier has can neither be called back nor be changed. It is known from the carrier's event, or from a cancellation that
 * was refused for it.
 * @throws ProblemError 409 `too-late`
 */
export function refuseHandedOver(
  { status, cancellation }: Pick<Order, 'status' | 'cancellation'>,
  handOver: HandOver | undefined,
): void {
  const refusal = cancellation?.refusal?.code === 'handed_over' ? cancellation.refusal : undefined;
  if (!handOver && !refusal) return;
  throw new ProblemError(SHOP_PROBLEMS.tooLate, { detail: refusal?.message ?? REASON, extensions: { state: status } });
}
