import { sagaState, sagaTimeline } from '../saga/saga-timeline.js';
import { money } from '../shared/money.js';
import type { OrderWithSaga, Saga } from '../shared/representations.js';
import { printable } from '../shared/safe-text.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { fields, table } from '../shared/table.js';
import { moment } from '../shared/time.js';

type Line = OrderWithSaga['items'][number];

/** An order for people: what it is, what it costs, and how its sagas got it where it stands. */
export function orderText(order: OrderWithSaga, paint: Paint = plain): string {
  const { id, status, version, total, currency, failure, change, createdAt, shippingAddress, sagas } = order;
  const refusal = order.cancellation?.refusal;
  const { revision } = order;
  const { name, line1, postalCode, city, country } = shippingAddress;
  const about = fields(
    [
      ['Order', id],
      ['Status', `${paintStatus(paint, status)} (version ${version})`],
      ['Why', failure ? `${failure.code}: ${failure.message}` : undefined],
      ['Change', change ? `${change.kind} ${change.id}, since ${moment(change.since)}` : undefined],
      ['Not cancelled', refusal ? `${refusal.code}: ${refusal.message}` : undefined],
      ['Revision', revision ? revisionText(revision) : undefined],
      ['Total', money(total, currency)],
      ['Placed', moment(createdAt)],
      ['Ships to', `${name}, ${line1}, ${postalCode} ${city}, ${country}`],
      ...sagaFields(sagas, paint),
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
  return [about, lines, ...stepsOf(sagas ?? [], paint)].join('\n\n');
}

const revisionText = ({ id, status, failure }: NonNullable<OrderWithSaga['revision']>): string =>
  `${id} ${status}${failure ? `, ${failure.code}: ${failure.message}` : ''}`;

function sagaFields(sagas: OrderWithSaga['sagas'], paint: Paint): (readonly [string, string])[] {
  if (sagas === null) return [['Saga', 'not known: the orchestrator does not answer']];
  if (sagas.length === 0) return [['Saga', 'none yet']];
  return sagas.map((saga) => ['Saga', `${saga.type} ${saga.id} ${sagaState(saga, paint)}`]);
}

/** One table a saga; of several each says whose steps they are. */
const stepsOf = (sagas: readonly Saga[], paint: Paint): string[] =>
  sagas.map((saga) =>
    sagas.length === 1
      ? sagaTimeline(saga, paint)
      : `${paint('bold', printable(`The steps of ${saga.type}`))}\n${sagaTimeline(saga, paint)}`,
  );
