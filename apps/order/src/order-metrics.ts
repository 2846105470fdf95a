import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '@backstep/service';

/** The metrics of orders. */
@Injectable()
export class OrderMetrics {
  readonly acceptedToConfirmed;
  readonly ordersRefused;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.acceptedToConfirmed = metrics.histogram(
      'backstep_order_accepted_to_confirmed_seconds',
      'From 202 to OrderConfirmed',
    );
    this.ordersRefused = metrics.counter(
      'backstep_orders_refused_total',
      'Orders refused because more are under way than end soon',
    );
  }
}
