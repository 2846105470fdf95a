/** The query of an address as plain text: `?status=REJECTED&at=1764`. No value is JSON, so an address can be typed. */
export const parseSearch = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search));

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  // They mean nothing in a query, and an address is read by people.
  const readable = text.replaceAll('%3A', ':').replaceAll('%2F', '/');
  return readable === '' ? '' : `?${readable}`;
}
