import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { moment } from '../shared/time.js';

/** As the gateway lists it. */
export interface ListedOperation {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly reason: string;
  readonly target: {
    readonly kind: 'saga' | 'parked';
    readonly id: string;
    readonly orderId: string | null;
    readonly service: string;
  };
  readonly from: string;
  readonly to: string | null;
  readonly step: string | null;
  readonly commandIds: readonly string[] | null;
}

/** Operations as a table. @param unreachable services whose operations are missing from it */
export function operationsText(
  operations: readonly ListedOperation[],
  unreachable: readonly string[],
  paint: Paint = plain,
): string {
  const missing =
    unreachable.length === 0
      ? ''
      : `\n${paint('yellow', `Not asked, as it does not answer: ${unreachable.join(', ')}. What was done there is missing.`)}`;
  if (operations.length === 0) return `There are none.${missing}`;
  return (
    table<ListedOperation>(
      [
        { title: 'When', cell: ({ at }) => moment(at) },
        { title: 'Who', cell: ({ by }) => by },
        { title: 'Did', cell: ({ action }) => action },
        { title: 'To', cell: ({ target }) => `${target.kind} ${target.id}` },
        {
          title: 'From → to',
          cell: ({ from, to }) => `${paintStatus(paint, from)} → ${to === null ? 'not known' : paintStatus(paint, to)}`,
        },
        { title: 'At', cell: ({ step }) => step ?? '' },
        { title: 'Why', cell: ({ reason }) => reason },
      ],
      operations,
      paint,
    ) + missing
  );
}
