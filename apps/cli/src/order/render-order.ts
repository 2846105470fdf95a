import { sagaState, sagaTimeline } from '../saga/saga-timeline.js';
import { money } from '../shared/money.js';
import type { OrderWithSaga } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { fields, table } from '../shared/table.js';
import { moment } from '../shared/time.js';

type Line = OrderWithSaga['items'][number];

/** An order for people: what it is, what it costs, and how its saga got it where it stands. */
export function orderText(order: OrderWithSaga, paint: Paint = plain): string {
  const { id, status, version, total, currency, failure, createdAt, shippingAddress, saga } = order;
  const { name, line1, postalCode, city, country } = shippingAddress;
  const about = fields(
    [
      ['Order', id],
      ['Status', `${paintStatus(paint, status)} (version ${version})`],
      ['Why', failure ? `${failure.code}: ${failure.message}` : undefined],
      ['Total', money(total, currency)],
      ['Placed', moment(createdAt)],
      ['Ships to', `${name}, ${line1}, ${postalCode} ${city}, ${country}`],
      ['Saga', saga ? `${saga.type} ${saga.id} ${sagaState(saga, paint)}` : 'none yet, or the orchestrator is away'],
    ],
    paint,
  );
  const lines = table<Line>(
    [
      { title: 'SKU', cell: ({ sku }) => sku },
      { title: 'Quantity', align: 'right', cell: ({ quantity }) => String(quantity) },
      { title: 'Each', align: 'right', cell: ({ unitPrice }) => money(unitPrice, currency) },
      { title: 'Sum', align: 'right', cell: ({ quantity, unitPrice }) => money(quantity * unitPrice, currency) },
    ],
    order.items,
    paint,
  );
  return [about, lines, ...(saga ? [sagaTimeline(saga, paint)] : [])].join('\n\n');
}
