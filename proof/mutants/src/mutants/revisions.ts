import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const LINE_OPERATIONS = 'apps/order/src/order-revision/line-operations.ts';
const RULES = 'apps/order/src/order-revision/order-revision.rules.ts';
const REVISE_ORDER = 'apps/order/src/revise-order/revise-order.handler.ts';
const REVISE_RESERVATION = 'apps/inventory/src/revise-reservation/revise-reservation.handler.ts';
const RESTORE_RESERVATION = 'apps/inventory/src/revise-reservation/restore-reservation.handler.ts';
const REVISION_RULES = 'apps/inventory/src/reservation/revision.rules.ts';
const SAGA = 'apps/orchestrator/src/revise-order/revise-order.saga.ts';

const TWO_WHO_REVISE = spec('apps/order/src/revise-order/when-two-revise-an-order.unit.spec.ts');
const WHATEVER_IS_REVISED = spec('apps/order/src/revise-order/whatever-is-revised.unit.spec.ts');
const RESERVATION = spec('apps/inventory/src/revise-reservation/when-a-reservation-is-revised.unit.spec.ts');

/** What keeps an order that is revised whole. */
export const REVISIONS: readonly Mutant[] = [
  {
    name: 'line-set-unseen',
    prevents: 'Who sets the quantity of a line undoes what another has made of it, and neither knows.',
    edits: [
      {
        file: LINE_OPERATIONS,
        find: "case 'setQuantity':\n      return 'clash';",
        replace: "case 'setQuantity':\n      return op;",
      },
    ],
    check: WHATEVER_IS_REVISED,
  },
  {
    name: 'line-removed-unseen',
    prevents: 'Who removes a line removes what another has just added to it.',
    edits: [
      {
        file: LINE_OPERATIONS,
        find: "return other.op === 'removeLine' ? 'dropped' : 'clash';",
        replace: "return other.op === 'removeLine' ? 'dropped' : op;",
      },
    ],
    check: WHATEVER_IS_REVISED,
  },
  {
    name: 'revision-logged-when-asked',
    prevents: 'A revision that was rejected clashes with later ones, although the order never had its lines.',
    edits: [{ file: RULES, find: ", applied: 'later' }", replace: ' }' }],
    check: TWO_WHO_REVISE,
  },
  {
    name: 'revision-accepted-unchecked',
    prevents: 'Two revisions that each fit make an order that has more lines than one may have.',
    edits: [{ file: RULES, find: '  refuseImpossible(items);\n', replace: '' }],
    check: TWO_WHO_REVISE,
  },
  {
    name: 'revised-while-changing',
    prevents: 'Two sagas change one order at once, each from lines that the other replaces.',
    edits: [{ file: REVISE_ORDER, find: '    refuseUnrevisable(order, handOver);\n', replace: '' }],
    check: TWO_WHO_REVISE,
  },
  {
    name: 'reservation-narrowed-first',
    prevents: 'A revision that is refused cannot be taken back: others have got what the order held.',
    edits: [{ file: REVISE_RESERVATION, find: 'const target = both(command.data);', replace: 'const target = to;' }],
    check: RESERVATION,
  },
  {
    name: 'late-revision-after-its-compensation',
    prevents: 'A revision that comes after its compensation reserves goods that nobody gives back.',
    edits: [
      {
        file: RESTORE_RESERVATION,
        find: 'return [never, reply(command, ReservationRestored, { orderId, revisionId })];',
        replace: 'return [reply(command, ReservationRestored, { orderId, revisionId })];',
      },
    ],
    check: RESERVATION,
  },
  {
    name: 'surplus-of-shipped-goods-kept',
    prevents: 'What a revision had reserved beside goods that left the house stays reserved for ever.',
    edits: [
      {
        file: REVISION_RULES,
        find: "if (reservation?.status === 'SHIPPED') return { held: reservation, items: [] };",
        replace: "if (reservation?.status === 'SHIPPED') return { held: reservation, items: reservation.items };",
      },
    ],
    check: RESERVATION,
  },
  {
    name: 'revision-refunds-the-order',
    prevents: 'A revision that the carrier refuses gives back all that the order has paid.',
    edits: [{ file: SAGA, find: 'return { orderId, chargeId: revisionId };', replace: 'return { orderId };' }],
    check: spec('apps/orchestrator/src/revise-order/revise-order.unit.spec.ts'),
  },
];
