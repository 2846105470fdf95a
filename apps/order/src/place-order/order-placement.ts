import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@backstep/messages';
import type { OrderToPlace, OrderView, PlacedOrder } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ContendedError, OverloadedError, UnitOfWork } from '@backstep/unit-of-work';
import { requestHash } from '../idempotency/request-hash.js';
import { TOTAL_MAX } from '../product-price/pricing.rules.js';
import { AdmissionControl, overloaded } from './admission.js';
import { PlaceOrderHandler, type PlaceOrderDecision } from './place-order.handler.js';

/** Places admitted orders. Orders that come at the same time share a commit. */
@Injectable()
export class OrderPlacement {
  private readonly handler = new PlaceOrderHandler();

  constructor(
    @Inject(AdmissionControl) private readonly admission: AdmissionControl,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws ProblemError when the order is refused; DatabaseUnavailableError. */
  async place({ idempotencyKey, order, traceparent }: OrderToPlace): Promise<PlacedOrder> {
    this.admission.admit();
    if (pausePointsArmed()) await pausePoint('placement.before-commit');
    const newOrder = { orderId: newId(), idempotencyKey, requestHash: requestHash(order), order, traceparent };
    const decision = await this.unitOfWork.request(this.handler, newOrder).catch(refuseWhatMayComeAgain);
    if (pausePointsArmed()) await pausePoint('placement.after-commit');
    return { order: accepted(decision), replayed: decision.kind === 'replayed' };
  }
}

function refuseWhatMayComeAgain(error: unknown): never {
  throw error instanceof OverloadedError || error instanceof ContendedError ? overloaded() : error;
}

/** @throws ProblemError when the decision is a refusal. */
function accepted(decision: PlaceOrderDecision): OrderView {
  switch (decision.kind) {
    case 'placed':
    case 'replayed':
      return decision.order;
    case 'key_reused':
      throw new ProblemError(PROBLEMS.idempotencyKeyReused, {
        detail: 'Send another request with another Idempotency-Key.',
      });
    case 'unknown_sku':
      throw new ProblemError(SHOP_PROBLEMS.unknownSku, {
        detail: `Not listed: ${decision.skus.join(', ')}`,
        extensions: { skus: decision.skus },
      });
    case 'mixed_currencies':
      throw new ProblemError(SHOP_PROBLEMS.mixedCurrencies, {
        detail: `One order, one currency: ${decision.currencies.join(', ')}`,
        extensions: { currencies: decision.currencies },
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
