import { money } from '../shared/money.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { span } from '../shared/time.js';
import type { Outcome } from './samples.js';

/** How each sample ended, and why. */
export const outcomesText = (outcomes: readonly Outcome[], paint: Paint = plain): string =>
  table<Outcome>(
    [
      { title: 'Sample order', cell: ({ title }) => title },
      { title: 'Total', align: 'right', cell: ({ order }) => money(order.total, order.currency) },
      { title: 'Ended', cell: ({ order }) => paintStatus(paint, order.status) },
      { title: 'Took', align: 'right', cell: ({ tookMs }) => span(tookMs) },
      { title: 'Why', cell: ({ order: { failure } }) => (failure ? `${failure.code}: ${failure.message}` : '') },
    ],
    outcomes,
    paint,
  );
