import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import { Inject, Injectable } from '@nestjs/common';
import { keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import type { OrderToPlace, OrderView, PlacedOrder } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { ContendedError, OverloadedError, UnitOfWork } from '@backstep/unit-of-work';
import { TOTAL_MAX } from '../product-price/pricing.rules.js';
import { AdmissionControl, overloaded } from './admission.js';
import { placeOrderOnce, type Placement } from './place-order.handler.js';

/** Places admitted orders. Orders that come at the same time share a commit. */
@Injectable()
export class OrderPlacement {
  constructor(
    @Inject(AdmissionControl) private readonly admission: AdmissionControl,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws ProblemError when the order is refused; DatabaseUnavailableError. */
  async place({ idempotencyKey, order, traceparent }: OrderToPlace): Promise<PlacedOrder> {
    this.admission.admit();
    if (pausePointsArmed()) await pausePoint('placement.before-commit');
    const newOrder = keyed(idempotencyKey, order, { orderId: newId(), order, traceparent });
    const { answer, replayed } = await this.unitOfWork.request(placeOrderOnce, newOrder).catch(refuseWhatMayComeAgain);
    if (pausePointsArmed()) await pausePoint('placement.after-commit');
    return { order: accepted(answer), replayed };
  }
}

function refuseWhatMayComeAgain(error: unknown): never {
  throw error instanceof OverloadedError || error instanceof ContendedError ? overloaded() : error;
}

/** @throws ProblemError when the order is refused. */
function accepted(placement: Placement): OrderView {
  if (!('kind' in placement)) return placement;
  switch (placement.kind) {
    case 'unknown_customer':
      throw new ProblemError(SHOP_PROBLEMS.unknownCustomer, {
        detail: `There is no customer ${placement.customerId}.`,
      });
    case 'no_address': {
      const message = 'is missing, and the profile of the customer has no address';
      throw new ProblemError(PROBLEMS.validation, {
        detail: `shippingAddress: ${message}`,
        errors: [{ in: 'body', field: 'shippingAddress', pointer: '#/shippingAddress', message }],
      });
    }
    case 'unknown_sku':
      throw new ProblemError(SHOP_PROBLEMS.unknownSku, {
        detail: `Not listed: ${placement.skus.join(', ')}`,
        extensions: { skus: placement.skus },
      });
    case 'mixed_currencies':
      throw new ProblemError(SHOP_PROBLEMS.mixedCurrencies, {
        detail: `One order, one currency: ${placement.currencies.join(', ')}`,
        extensions: { currencies: placement.currencies },
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
