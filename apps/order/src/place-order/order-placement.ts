import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import { Inject, Injectable, Optional, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import {
  LocalOrders,
  OrderToPlace,
  type OrderPlacing,
  type OrderView,
  type PlacedOrder,
  type PlaceOrderResult,
} from '@backstep/contracts/http';
import { check, problemBody, ProblemError, problemOf, PROBLEMS } from '@backstep/problems';
import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import { Logger, loggable, newContext } from '@backstep/service';
import { ContendedError, OverloadedError, UnitOfWork } from '@backstep/unit-of-work';
import { TOTAL_MAX } from '../product-price/pricing.rules.js';
import { Outcomes } from '../read-orders/outcomes.js';
import { AdmissionControl, overloaded } from './admission.js';
import { ownOrderId } from './own-order-id.js';
import { placeOrderOnce, type Placement } from './place-order.handler.js';

/** Places admitted orders, for requests and for a gateway of this process alike. Orders that come at the same time share a commit. */
@Injectable()
export class OrderPlacement implements OrderPlacing, OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    @Inject(AdmissionControl) private readonly admission: AdmissionControl,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Outcomes) private readonly outcomes: Outcomes,
    @Inject(Logger) private readonly logger: Logger,
    @Optional() @Inject(LocalOrders) private readonly local?: LocalOrders,
  ) {}

  onApplicationBootstrap(): void {
    if (this.local) this.local.placing = this;
  }

  onModuleDestroy(): void {
    if (this.local) this.local.placing = undefined;
  }

  /** @param listed an `OrderToPlace`; anything else is refused @returns the order, or why it is not placed. Never rejects. */
  async place(listed: unknown, waitSeconds: number): Promise<PlaceOrderResult> {
    try {
      const { order, replayed } = await this.store(check(OrderToPlace, listed, 'body'));
      const ended = waitSeconds > 0 ? await this.outcomes.of(order.id, waitSeconds) : undefined;
      return { replayed, order: ended ?? order };
    } catch (thrown) {
      const problem = problemOf(thrown) ?? this.internal(listed, thrown);
      return { problem: problemBody(problem), headers: problem.headers };
    }
  }

  /** @throws ProblemError when the order is refused; DatabaseUnavailableError. */
  private async store({ idempotencyKey, order, traceparent }: OrderToPlace): Promise<PlacedOrder> {
    this.admission.admit();
    if (pausePointsArmed()) await pausePoint('placement.before-commit');
    const newOrder = keyed(idempotencyKey, order, { orderId: this.newOrderId(), order, traceparent });
    const { answer, replayed } = await this.unitOfWork.request(placeOrderOnce, newOrder).catch(refuseWhatMayComeAgain);
    if (pausePointsArmed()) await pausePoint('placement.after-commit');
    return { order: accepted(answer), replayed };
  }

  /** Beside a gateway, orders stay in the process in which they were placed. Apart, whoever shares requests out would share the shards' load out too. */
  private newOrderId(): string {
    return this.local ? ownOrderId((orderId) => this.unitOfWork.isResponsibleFor(orderId)) : newId();
  }

  private internal(listed: unknown, error: unknown): ProblemError {
    const asked = OrderToPlace.safeParse(listed).data;
    const context = asked && loggable(newContext(asked.requestId, asked.traceparent));
    this.logger.error('an order could not be placed', { ...context, error });
    return new ProblemError(PROBLEMS.internal, { cause: error });
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
