import { count } from '../shared/count.js';
import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { plain, type Colour, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { since } from '../shared/time.js';
import { beginningOf, timelineOf, type Line, type Source } from './evidence-timeline.js';
import type { EntityRow, Evidence } from './evidence.js';
import { messagesOfSaga } from './messages-of-saga.js';

const COLOURS: Readonly<Record<Source, Colour>> = {
  journal: 'bold',
  operator: 'yellow',
  kafka: 'cyan',
  inbox: 'dim',
  dropped: 'dim',
  outbox: 'yellow',
  parked: 'red',
  timer: 'dim',
};

/** All evidence for people: one timeline, each line marked with where it comes from, and the rows as they are now. */
export function evidenceText(evidence: Evidence, paint: Paint = plain): string {
  const { saga, messages, databases } = evidence;
  const begins = beginningOf(evidence);
  const others = messages.length - messagesOfSaga(saga, messages).length;
  const missing = [
    ...(others > 0
      ? [`${count(others, 'message')} of its order that ${others === 1 ? 'is' : 'are'} not of this saga`]
      : []),
    ...evidence.missing,
  ];
  const rows = databases.flatMap(({ service, rows: own }) => own.map((row) => ({ service, ...row })));
  const timeline = table<Line>(
    [
      { title: 'At', align: 'right', cell: ({ at }) => (at < begins ? 'before' : since(begins, at)) },
      { title: 'Source', cell: ({ source }) => paint(COLOURS[source], source) },
      { title: 'Service', cell: ({ service }) => service },
      { title: 'What', cell: ({ what }) => what },
      { title: 'Details', cell: ({ detail }) => detail },
    ],
    timelineOf(evidence),
    paint,
  );
  const now = table<EntityRow & { readonly service: string }>(
    [
      { title: 'Service', cell: ({ service }) => service },
      { title: 'Row', cell: (row) => `${row.table} ${row.key}` },
      { title: 'Version', align: 'right', cell: ({ version }) => String(version) },
      { title: 'State', cell: ({ state }) => state },
    ],
    rows,
    paint,
  );
  return [
    timeline,
    ...(rows.length > 0 ? [now] : []),
    ...(missing.length > 0
      ? [missing.map((what) => wrapToScreen(paint('dim', `Not shown: ${printable(what)}`), 2)).join('\n')]
      : []),
  ].join('\n\n');
}
