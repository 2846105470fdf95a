/** `12.3`, `139`, `1,091`; a dash for what was not measured. */
export const time = (value: number | null | undefined): string => digits(value, 1);

/** `55`, `18.9`, `2.15`. */
export function cost(value: number | null | undefined): string {
  return digits(value, Number(value) >= 10 ? 1 : 2);
}

/** `2.8 ×`, `0.95 ×`. */
export const times = (value: number): string =>
  Number.isFinite(value) ? `${value < 10 ? value.toPrecision(2) : Math.round(value)} ×` : DASH;

const DASH = '–';
/** From here on a digit after the point is noise. */
const WHOLE_FROM = 100;

function digits(value: number | null | undefined, places: number): string {
  // JSON has no NaN: what was not measured comes back as null.
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  return value >= WHOLE_FROM ? Math.round(value).toLocaleString('en') : value.toFixed(places);
}
