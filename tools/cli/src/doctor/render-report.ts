import { money } from '../shared/money.js';
import { plain, type Paint } from '../shared/style.js';
import { commandToScreen } from '../shared/help-text.js';
import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { fields } from '../shared/table.js';
import { span } from '../shared/time.js';
import type { Verdict } from '@backstep/doctor';
import type { Report, Totals } from './report.js';
import type { Violation } from '@backstep/doctor';

/** Violations of one invariant that are printed in full; `--json` has more. */
const TOLD_MAX = 10;

/** The report for people: a line for each invariant, what is wrong below it, then what is on its way and the totals. */
export function reportText(report: Report, paint: Paint = plain): string {
  const { invariants, inFlight, attention, clean, tookMs, atRest } = report;
  const found = invariants.reduce((sum, verdict) => sum + verdict.found, 0);
  const verdict = clean
    ? paint('green', 'No violation.')
    : paint('red', `${found} violation${found === 1 ? '' : 's'}.`);
  return [
    invariants.map((one) => verdictText(one, paint)).join('\n'),
    ...section(`In flight: ${inFlight.count}`, inFlight.count, inFlight.orders.map(inFlightText), paint),
    ...section(
      `For an operator: ${attention.count}`,
      attention.count,
      attention.items.map(
        ({ what, remedy }) => `${wrapped(2, what)}\n${commandToScreen(`    $ ${printable(remedy)}`)}`,
      ),
      paint,
    ),
    totalsText(report.totals, paint),
    wrapToScreen(
      `${verdict} ${atRest ? 'The system is at rest.' : 'The system is not at rest: what is in flight is not judged.'} (${span(tookMs)})`,
    ),
  ].join('\n\n');
}

/** A line as wide as the screen at most, what goes on two further in. */
const wrapped = (indent: number, line: string): string => wrapToScreen(`${' '.repeat(indent)}${printable(line)}`, 2);

function verdictText({ id, title, found, violations }: Verdict, paint: Paint): string {
  const head = `${id.padEnd(4)}${found === 0 ? paint('green', 'ok') : paint('red', `${found} wrong`)}  ${title}`;
  const told = violations.slice(0, TOLD_MAX).map((violation) => violationText(violation, paint));
  const more = found > told.length ? [`      … and ${found - told.length} more`] : [];
  return [wrapToScreen(printable(head), 8), ...told, ...more].join('\n');
}

function violationText({ what, remedy, sagaId, messages = [], references = [] }: Violation, paint: Paint): string {
  const facts = [
    ...(sagaId === undefined || what.includes(sagaId) ? [] : [`saga ${sagaId}`]),
    ...messages.map(
      ({ id, type, topic, partition, offset }) =>
        `${type ?? 'message'} ${id}${topic === undefined ? '' : ` ${offset === undefined ? 'for' : 'at'} ${topic}/${partition}`}${offset === undefined ? '' : `@${offset}`}`,
    ),
    ...references.map((reference) => `at the provider ${reference}`),
  ];
  const lines = [`${paint('red', '✗')} ${what}`, ...facts.map((fact) => `  ${paint('dim', fact)}`), `  → ${remedy}`];
  return lines.map((line) => wrapped(6, line)).join('\n');
}

const inFlightText = ({ orderId, status, ageMs, waitsFor }: Report['inFlight']['orders'][number]): string =>
  wrapped(
    2,
    `${orderId} ${status} for ${span(ageMs)}, ${waitsFor === null ? 'no saga yet' : `waiting for ${waitsFor}`}`,
  );

function section(title: string, count: number, lines: readonly string[], paint: Paint): string[] {
  if (count === 0) return [];
  const more = count > lines.length ? [`  … and ${count - lines.length} more`] : [];
  return [[paint('yellow', title), ...lines, ...more].join('\n')];
}

function totalsText({ orders, sagas, money: sums, stock, messages, logResets, parked }: Totals, paint: Paint): string {
  const examined = orders.examined < orders.all ? ` (the newest of ${orders.all})` : '';
  return fields(
    [
      ['Orders', `${orders.examined}${examined}: ${counts(orders.byStatus)}`],
      ['Sagas', counts(sagas)],
      ...providerFields(sums),
      ['Stock', `${stock.onHand} on hand, ${stock.reserved} reserved, ${stock.skus} SKUs`],
      [
        'Messages',
        `${messages.inKafka} in Kafka, ${messages.unpublished} unpublished${messages.unreadable > 0 ? `, ${messages.unreadable} unreadable` : ''}${messages.goneWithTheirLogs > 0 ? `, ${messages.goneWithTheirLogs} handled and gone with their logs` : ''}`,
      ],
      ...(messages.unreadable > 0 ? [['Unreadable', unreadableText(messages)] as [string, string]] : []),
      ...logResets.map(({ topic, partition, service, times, lastAt }): [string, string] => [
        'Log',
        `${topic}/${partition} was cut, or begun anew: ${service} found that ${times > 1 ? `${times} times, last ` : ''}at ${new Date(lastAt).toISOString()}, and read it from its beginning`,
      ]),
      ['Parked', `${parked.poisoned} poisoned, ${parked.held} held, ${parked.discarded} discarded`],
    ],
    paint,
  );
}

function unreadableText({ unreadable, unreadablePlaces }: Totals['messages']): string {
  const places = unreadablePlaces.slice(0, TOLD_MAX);
  const more = unreadable > places.length ? [`and ${unreadable - places.length} more`] : [];
  return [...places.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`), ...more].join(', ');
}

function providerFields(sums: Totals['money']): [string, string][] {
  if (!sums) return [['Provider', 'it keeps no ledger that can be read: I3, I4 and I6 were not checked against it']];
  return Object.entries(sums).map(([currency, { captured, refunded }]) => [
    'Provider',
    `captured ${money(captured, currency)}, refunded ${money(refunded, currency)}`,
  ]);
}

const counts = (byName: Readonly<Record<string, number>>): string =>
  Object.entries(byName)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';
