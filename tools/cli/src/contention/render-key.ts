import type { KeyContention } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { fields, table } from '../shared/table.js';
import { moment } from '../shared/time.js';
import { ofHundred, reasonText } from './reason.js';

type Decision = KeyContention['items'][number];

const declaredText = ({ strategy, enter, leave }: KeyContention['declared']): string =>
  strategy === 'adaptive'
    ? `adaptive: locked above ${ofHundred(enter ?? 0)} of 100 lost, forgotten below ${ofHundred(leave ?? 0)}`
    : strategy;

/** How a key is taken, and what was decided about it, the latest first. */
export function keyText({ service, entity, key, declared, hot, items }: KeyContention, paint: Paint = plain): string {
  const head = fields(
    [
      ['Key', `${service} ${entity} ${key}`],
      ['Declared', declaredText(declared)],
      ['Taken', hot ? `${hot.strategy} since ${moment(hot.since)}` : 'not among the ten keys that conflict most'],
      ['Because', hot?.why ? reasonText(hot.why) : undefined],
      ['Last minute', hot ? `${hot.attempts} writes, ${hot.lost} lost` : undefined],
    ],
    paint,
  );
  if (items.length === 0) return `${head}\n\nNothing was decided about it in the last hour.`;
  const decisions = table<Decision>(
    [
      { title: 'At', cell: ({ at }) => moment(at) },
      { title: 'From', cell: ({ from }) => from },
      { title: 'To', cell: ({ to }) => to },
      { title: 'Because', cell: ({ why }) => reasonText(why) },
    ],
    items,
    paint,
  );
  return `${head}\n\n${decisions}`;
}
