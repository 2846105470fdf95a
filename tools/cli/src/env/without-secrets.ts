/** `postgres://role:…@host`; all up to the last @, as a password that was not encoded may hold one. */
const IN_AUTHORITY = /(:\/\/[^:@/\s]*):[^\s]*@/g;
/** `?password=…`, `sslpassword=…` in a URL, and in the keyword form of a connection string. */
const AS_PARAMETER = /((?:^|[?&;\s])\w*(?:password|passwd|secret|token)\s*=\s*)('[^']*'|[^&\s]+)/gi;

const HIDDEN = '***';

/** A copy in which every password that an address carries is hidden. */
export function withoutSecrets<T>(value: T): T {
  if (typeof value === 'string') {
    return value.replaceAll(IN_AUTHORITY, `$1:${HIDDEN}@`).replaceAll(AS_PARAMETER, `$1${HIDDEN}`) as T;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => withoutSecrets(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutSecrets(one as unknown)])) as T;
}
