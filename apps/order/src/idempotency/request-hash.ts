import { hash } from 'node:crypto';

/** Hashes a request's body, independent of the order of its members. */
export const requestHash = (body: unknown): string => hash('sha256', JSON.stringify(sorted(body)), 'base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
