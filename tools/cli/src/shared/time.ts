const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as people say it: `7 ms`, `1.25 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function span(ms: number): string {
  if (ms < 0) return `-${span(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(2)} s`;
  if (ms < HOUR) return two(ms, MINUTE, 'min', SECOND, 's');
  return ms < DAY ? two(ms, HOUR, 'h', MINUTE, 'min') : two(ms, DAY, 'd', HOUR, 'h');
}

const two = (ms: number, large: number, largeName: string, small: number, smallName: string): string =>
  `${Math.floor(ms / large)} ${largeName} ${Math.floor((ms % large) / small)} ${smallName}`;

/** From one moment to another, with its sign: `+7 ms`. */
export const since = (from: string | number, to: string | number): string => {
  const ms = new Date(to).getTime() - new Date(from).getTime();
  return ms < 0 ? span(ms) : `+${span(ms)}`;
};

/** `2026-03-01 12:30:05.123`, UTC: sorts as text and says when. */
export const moment = (time: string | number): string =>
  new Date(time).toISOString().replace('T', ' ').replace('Z', '');
