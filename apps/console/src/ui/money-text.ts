/** ISO 4217 knows how many digits a currency's minor unit has: EUR 2, JPY 0, KWD 3. */
function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Text of strangers: no currency.
    return 0;
  }
}

/** Minor units as people type them: `1299.00`. */
export function amountText(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** No number of JavaScript is exact beyond. */
const DIGITS_MAX = 15;

/** What somebody has typed, in minor units; undefined when that is no amount of the currency. Nothing is rounded. */
export function minorOf(typed: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^\s*(\d+)(?:[.,](\d*))?\s*$/.exec(typed) ?? [];
  const digits = digitsOf(currency);
  if (whole === undefined || fraction.length > digits) return undefined;
  const text = whole + fraction.padEnd(digits, '0');
  return text.length > DIGITS_MAX ? undefined : Number(text);
}

/** Minor units as people write them, such as `1,299.00 EUR`. Whole in, so nothing is ever rounded. */
export function moneyText(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction} ${currency}`;
}
