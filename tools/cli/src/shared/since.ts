import { InvalidArgumentError } from 'commander';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SPAN = /^(\d{1,6})(s|m|h|d)$/;
/** A day, or a moment; without a zone it is UTC, as everything is shown. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** `10m` ago, or `2026-03-01T12:30`: milliseconds since the epoch. */
export function momentIn(text: string): number {
  const [, number, unit = ''] = SPAN.exec(text) ?? [];
  if (number !== undefined) return Date.now() - Number(number) * (UNITS_MS[unit] ?? 0);
  const [whole, zone] = MOMENT.exec(text) ?? [];
  const at = whole === undefined ? NaN : Date.parse(zone || text.length === 10 ? text : `${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(at))
    throw new InvalidArgumentError(
      'It must be a span such as 30s, 10m, 2h or 1d, or a time such as 2026-03-01T12:30 (UTC).',
    );
  return at;
}
