import type { Evidence, OrderWithSaga } from '../api/types.js';
import type { LaneMessage, Lanes } from '../lanes/model.js';
import { lanesAt } from '../lanes/moment.js';
import { positionText } from '../lanes/position.js';
import { GLYPHS, WORDS } from '../lanes/sentence.js';
import { moneyText } from '../ui/money-text.js';
import { safeText } from '../ui/safe-text.js';
import { shortData } from '../ui/short-data.js';
import { spanText, wholeTimeText } from '../ui/time-text.js';

export interface Incident {
  readonly order: OrderWithSaga;
  /** undefined: without the operator's token. */
  readonly evidence: Evidence | undefined;
  /** All of them. */
  readonly lanes: Lanes;
  /** The moment that is shown; undefined: now. */
  readonly at: number | undefined;
  /** The page that shows the same. */
  readonly address: string;
}

/** Text of strangers in a line of Markdown: it ends no cell, begins no mark-up, and is no HTML. */
export const cell = (text: string): string =>
  safeText(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#!~&]/g, (one) => `\\${one}`);

const code = (text: string): string => `\`${safeText(text).replaceAll(/[`|\n]/g, "'")}\``;
const time = (at: number): string => wholeTimeText(at, 'utc');

/** What happened to an order, for the report of an incident: facts as they were read, in the order of their causes. */
export function incidentOf({ order, evidence, lanes: whole, at, address }: Incident): string {
  const lanes = lanesAt(whole, at);
  const parts = [
    `# Order ${code(order.id)}: ${order.status}`,
    list([
      ['Page', `<${address}>`],
      ['Read', evidence ? time(Date.parse(evidence.takenAt)) : 'without what the services know: that is for operators'],
      at === undefined ? undefined : ['As of', `${time(at)}: later messages are left out`],
      ['Placed', time(Date.parse(order.createdAt))],
      ['Total', moneyText(order.total, order.currency)],
      ['Items', cell(order.items.map(({ sku, quantity }) => `${sku}×${quantity}`).join(', '))],
      order.failure ? ['Why', cell(`${order.failure.code}: ${order.failure.message}`)] : undefined,
      ...(order.sagas ?? []).map(({ id, type, state, stuckBecause }): Fact => [
        `Saga ${cell(type)}`,
        `${state} ${code(id)}${stuckBecause ? `, ${cell(stuckBecause)}` : ''}`,
      ]),
    ]),
    missingText(evidence),
    '## What happened',
    messagesText(lanes),
    section('What operators did', OPERATIONS, operationsOf(order)),
    ...(evidence ? evidenceParts(evidence) : []),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

type Fact = readonly [name: string, value: string];

const list = (facts: readonly (Fact | undefined)[]): string =>
  facts.flatMap((fact) => (fact ? [`- ${fact[0]}: ${fact[1]}`] : [])).join('\n');

/** Cells are Markdown already. */
const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Of nothing there is no section. */
const section = (title: string, titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : `## ${title}\n\n${table(titles, rows)}`;

const missingText = (evidence: Evidence | undefined): string =>
  !evidence || evidence.missing.length === 0
    ? ''
    : `Not known, as it did not answer: ${evidence.missing.map(({ source, what }) => cell(`${source} (${what})`)).join('; ')}.`;

function messagesText({ messages }: Lanes): string {
  const [first] = messages;
  if (!first) return 'No message yet.';
  const start = Math.min(...messages.map(({ saidAt }) => saidAt));
  const numbers = new Map(messages.map(({ key, number }) => [key, number]));
  const row = (message: LaneMessage): readonly string[] => {
    const { number, saidAt, type, meaning, from, to, exchange, cause, landing, repeated, attempt } = message;
    const undo = exchange?.direction === 'undo' ? '↩ ' : '';
    return [
      String(number),
      `+${spanText(saidAt - start)}`,
      `${GLYPHS[meaning]} ${cell(type)}${attempt.of > 1 ? ` ${attempt.number} of ${attempt.of}` : ''} (${WORDS[meaning]})`,
      `${cell(from)} → ${cell(to.map(({ lane }) => lane).join(', ')) || '?'}`,
      `${undo}${cell(exchange?.step ?? '')}`,
      cause === undefined ? '' : `#${numbers.get(cause) ?? '?'}`,
      `${code(positionText(landing))}${repeated.length > 0 ? `, ${repeated.length} repeated` : ''}`,
      cell(shortData(message.message.value)),
    ];
  };
  return [
    `The first of ${messages.length} at ${time(start)}.`,
    table(['#', 'After', 'Message', 'From → to', 'Step', 'Because of', 'In Kafka', 'Says'], messages.map(row)),
  ].join('\n\n');
}

const OPERATIONS = ['At', 'Who', 'Did', 'Because'] as const;
const operationsOf = ({ sagas }: OrderWithSaga): readonly (readonly string[])[] =>
  (sagas ?? []).flatMap(({ operations }) =>
    operations.map(({ at, by, action, step, reason }) => [
      time(Date.parse(at)),
      cell(by),
      `${action} ${cell(step)}`,
      cell(reason),
    ]),
  );

function evidenceParts({ services }: Evidence): readonly string[] {
  return [
    section(
      'Parked',
      ['Service', 'Message', 'State', 'Cause', 'In Kafka'],
      services.flatMap(({ service, parked }) =>
        parked.map(({ type, state, cause, topic, partition, offset }) => [
          service,
          cell(type ?? 'unknown'),
          state,
          cell(cause),
          code(positionText({ topic, partition, offset })),
        ]),
      ),
    ),
    section(
      'Committed, and not known to be in Kafka',
      ['Service', 'Message', 'Topic', 'Since'],
      services.flatMap(({ service, outbox }) =>
        outbox.map(({ type, topic, createdAt }) => [
          service,
          cell(type ?? 'unknown'),
          cell(topic),
          time(Date.parse(createdAt)),
        ]),
      ),
    ),
    section(
      'Rows, as they were read',
      ['Service', 'Table', 'Key', 'Version', 'State'],
      services.flatMap(({ service, rows }) =>
        rows.map(({ table: name, key, version, state }) => [
          service,
          cell(name),
          code(key),
          `v${version}`,
          cell(state),
        ]),
      ),
    ),
  ];
}
