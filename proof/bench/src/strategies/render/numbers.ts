const SIGNIFICANT = 3;

/** `103,000`: three digits are more than two runs agree in. */
export const count = (value: number): string => rounded(value).toLocaleString('en');

/** `2.4 ms`, `1,940 ms`. */
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : count(value)} ms`;

/** `54 %`, `0.8 %`. */
export const percent = (share: number): string =>
  `${share > 0 && share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;

/** `1.6 ×`, `34 ×`. */
export const times = (ratio: number): string => `${ratio < 10 ? ratio.toPrecision(2) : count(ratio)} ×`;

/** To three significant digits. */
const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(SIGNIFICANT)) : NaN);
