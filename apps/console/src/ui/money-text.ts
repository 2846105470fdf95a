/** ISO 4217 knows how many digits a currency's minor unit has: EUR 2, JPY 0, KWD 3. */
function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Text of strangers: no currency.
    return 0;
  }
}

/** Minor units as people write them, such as `1,299.00 EUR`. Whole in, so nothing is ever rounded. */
export function moneyText(minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction} ${currency}`;
}
