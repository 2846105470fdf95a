export type Clock = 'utc' | 'local';

const two = (value: number): string => String(value).padStart(2, '0');
const three = (value: number): string => String(value).padStart(3, '0');

/** `08:18:51.624`, with the day before it where the day is not today's. */
export function timeText(at: number, clock: Clock, now: number): string {
  const [day, time] = partsOf(at, clock);
  return day === '' || day === partsOf(now, clock)[0] ? time : `${day} ${time}`;
}

/** `2026-11-27 08:18:51.624 UTC`. */
export const wholeTimeText = (at: number, clock: Clock): string =>
  `${partsOf(at, clock).join(' ')}${clock === 'utc' ? ' UTC' : ''}`;

function partsOf(at: number, clock: Clock): readonly [day: string, time: string] {
  const date = new Date(at);
  if (Number.isNaN(at)) return ['', 'no time'];
  if (clock === 'utc') {
    const [day = '', time = ''] = date.toISOString().slice(0, -1).split('T');
    return [day, time];
  }
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return [day, `${time}.${three(date.getMilliseconds())}`];
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A span as people say it: `31 ms`, `5.0 s`, `3 min`, `2 h`. */
export function spanText(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? ['ms', 1];
  const value = ms / size;
  return `${unit === 's' && value < 10 ? value.toFixed(1) : Math.floor(value)} ${unit}`;
}

/** How long ago, by the second: `now`, `12 s ago`, `3 min ago`. */
export function agoText(at: number, now: number): string {
  const ms = now - at;
  return ms < 1_000 ? 'now' : `${spanText(Math.floor(ms / 1_000) * 1_000).replace('.0', '')} ago`;
}
