import type { OperatorOperation } from '../api/types.js';

const COLUMNS: readonly (readonly [title: string, of: (operation: OperatorOperation) => string])[] = [
  ['at', ({ at }) => at],
  ['by', ({ by }) => by],
  ['action', ({ action }) => action],
  ['kind', ({ target }) => target.kind],
  ['target', ({ target }) => target.id],
  ['service', ({ target }) => target.service],
  ['order', ({ target }) => target.orderId ?? ''],
  ['from', ({ from }) => from],
  ['to', ({ to }) => to ?? ''],
  ['step', ({ step }) => step ?? ''],
  ['reason', ({ reason }) => reason],
  ['commands', ({ commandIds }) => (commandIds ?? []).join(' ')],
  ['request', ({ requestId }) => requestId ?? ''],
];

/** RFC 4180: lines end with CRLF, and every field stands in quotes. */
export const csvOf = (operations: readonly OperatorOperation[]): string =>
  [COLUMNS.map(([title]) => title), ...operations.map((operation) => COLUMNS.map(([, of]) => of(operation)))]
    .map((line) => `${line.map(field).join(',')}\r\n`)
    .join('');

/** What a spreadsheet would take for a formula. Reasons and names are text of strangers. */
const FORMULA = /^[=+\-@\t\r]/;

const field = (text: string): string => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
