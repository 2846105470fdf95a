import { moneyText } from './money-text.js';
import { safeText } from './safe-text.js';

const CHARACTERS_MAX = 96;
/** Lines of an order that are named; the rest is counted. */
const ITEMS_MAX = 3;
/** The address says it already, or the ids beside it do. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['orderId', 'currency', 'paymentIntentId']);
const AMOUNTS: ReadonlySet<string> = new Set(['total', 'amount', 'price']);

/** What a message says, in some words, as `npx backstep events` does: `total=25.80 EUR items=mug-blue×2`. */
export function shortData(value: unknown): string {
  if (!isRecord(value)) return value === null ? '(no value)' : cut(JSON.stringify(value) ?? '');
  const currency = typeof value['currency'] === 'string' ? value['currency'] : undefined;
  const parts = Object.entries(value)
    .filter(([name]) => !TOLD_ELSEWHERE.has(name))
    .map(([name, content]) => `${name}=${short(name, content, currency)}`);
  return cut(parts.join(' '));
}

function short(name: string, value: unknown, currency: string | undefined): string {
  if (AMOUNTS.has(name) && typeof value === 'number' && currency) return moneyText(value, currency);
  if (Array.isArray(value)) return items(value);
  if (isRecord(value)) return String(value['code'] ?? value['country'] ?? JSON.stringify(value));
  return String(value);
}

function items(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  const named = values.slice(0, ITEMS_MAX).map((item) => {
    if (!isRecord(item) || item['sku'] === undefined) return JSON.stringify(item);
    return `${String(item['sku'])}×${String(item['quantity'] ?? item['requested'] ?? '?')}`;
  });
  const more = values.length - named.length;
  return named.join(',') + (more > 0 ? `,+${more}` : '');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cut = (text: string): string =>
  safeText(text.length > CHARACTERS_MAX ? `${text.slice(0, CHARACTERS_MAX - 1)}…` : text);
