/** So many seconds back the page looks; the longest is what the services keep. */
export const WINDOWS = [60, 30, 15] as const;
export type WindowSeconds = (typeof WINDOWS)[number];

/** The state of the page, as its address has it. */
export interface ContentionSearch {
  /** `30s`; left out: a minute. */
  readonly window?: `${Exclude<WindowSeconds, 60>}s`;
  /** The key that is looked at: `inventory/Stock/teapot`. */
  readonly sel?: string;
}

/** What is not understood is left out: an address that somebody has mistyped still shows the keys. */
export function contentionSearch(given: Readonly<Record<string, unknown>>): ContentionSearch {
  const { window, sel } = given;
  return { ...withWindow(secondsOf(window)), ...(typeof sel === 'string' && keyOf(sel) && { sel }) };
}

export const secondsOf = (window: unknown): WindowSeconds => WINDOWS.find((one) => `${one}s` === window) ?? 60;

export const withWindow = (seconds: WindowSeconds): Pick<ContentionSearch, 'window'> =>
  seconds === 60 ? {} : { window: `${seconds}s` };

/** The one after it; after the shortest the longest. */
export const nextWindow = (seconds: WindowSeconds): WindowSeconds =>
  WINDOWS[(WINDOWS.indexOf(seconds) + 1) % WINDOWS.length] ?? 60;

/** A key of a service's entity. */
export interface KeyName {
  readonly service: string;
  readonly entity: string;
  /** May have slashes itself. */
  readonly key: string;
}

export const selOf = ({ service, entity, key }: KeyName): string => `${service}/${entity}/${key}`;

/** undefined: it names no key. */
export function keyOf(sel: string): KeyName | undefined {
  const [, service, entity, key] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(sel) ?? [];
  return service !== undefined && entity !== undefined && key !== undefined ? { service, entity, key } : undefined;
}
