import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@backstep/messages';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ContendedError, OverloadedError, UnitOfWork } from '@backstep/unit-of-work';
import { requestHash } from '../idempotency/request-hash.js';
import type { OrderView } from '../order/order.view.js';
import { TOTAL_MAX } from '../product-price/pricing.rules.js';
import { Admission, overloaded } from './admission.js';
import { PlaceOrderHandler, type PlacementAnswer } from './place-order.handler.js';
import type { PlaceOrder } from './place-order.request.js';

export interface PlacementRequest {
  readonly idempotencyKey: string;
  readonly order: PlaceOrder;
  readonly traceparent: string | undefined;
}

export interface Placed {
  readonly order: OrderView;
  /** It was placed before, with the same key. */
  readonly replayed: boolean;
}

/** Places orders: those that come one by one, and those that come many at a time. What comes at the same time shares a commit. */
@Injectable()
export class Placing {
  private readonly handler = new PlaceOrderHandler();

  constructor(
    @Inject(Admission) private readonly admission: Admission,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws ProblemError when it is refused; DatabaseUnavailableError. */
  async place({ idempotencyKey, order, traceparent }: PlacementRequest): Promise<Placed> {
    this.admission.admit();
    if (pausePointsArmed()) await pausePoint('placement.before-commit');
    const placement = { orderId: newId(), idempotencyKey, requestHash: requestHash(order), order, traceparent };
    const answer = await this.unitOfWork.request(this.handler, placement).catch(refuseWhatMayComeAgain);
    if (pausePointsArmed()) await pausePoint('placement.after-commit');
    return { order: accepted(answer), replayed: answer.kind === 'replayed' };
  }
}

function refuseWhatMayComeAgain(error: unknown): never {
  throw error instanceof OverloadedError || error instanceof ContendedError ? overloaded() : error;
}

/** @throws ProblemError when the answer is a refusal. */
function accepted(answer: PlacementAnswer): OrderView {
  switch (answer.kind) {
    case 'placed':
    case 'replayed':
      return answer.order;
    case 'key_reused':
      throw new ProblemError(PROBLEMS.idempotencyKeyReused, {
        detail: 'Send another request with another Idempotency-Key.',
      });
    case 'unknown_sku':
      throw new ProblemError(SHOP_PROBLEMS.unknownSku, {
        detail: `Not listed: ${answer.skus.join(', ')}`,
        extensions: { skus: answer.skus },
      });
    case 'mixed_currencies':
      throw new ProblemError(SHOP_PROBLEMS.mixedCurrencies, {
        detail: `One order, one currency: ${answer.currencies.join(', ')}`,
        extensions: { currencies: answer.currencies },
      });
    case 'total_too_large':
      throw new ProblemError(PROBLEMS.outOfRange, {
        detail: `items: their total is above ${TOTAL_MAX} minor units, the most that an order may cost`,
        errors: [
          { in: 'body', field: 'items', pointer: '#/items', message: `total is above ${TOTAL_MAX} minor units` },
        ],
      });
  }
}
