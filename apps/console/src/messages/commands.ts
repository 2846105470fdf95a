import { addressOf } from '../api/read.js';
import { isUuid } from '../orders/orders-search.js';
import { apiFilters } from './messages-queries.js';
import { directionOf, type MessagesSearch } from './messages-search.js';

/** The same in the terminal: by the API whatever is looked for, by `npx backstep events` what that can choose. */
export function commandsFor(search: MessagesSearch): readonly string[] {
  const { from, direction, follow, key, topic, type, source, partition, header, text } = search;
  const query = {
    ...apiFilters(search),
    ...(from !== undefined && { from }),
    ...(direction !== undefined && { direction: directionOf(search) }),
  };
  const curl = `curl -s ${quoted(`${location.origin}${addressOf('/v1/messages', { query })}`)}`;
  if (header !== undefined || text !== undefined || partition !== undefined || type?.includes('*')) return [curl];
  if (key !== undefined && !isUuid(key)) return [curl];
  const since = from?.startsWith('time:') ? from.slice('time:'.length) : undefined;
  if (from !== undefined && since === undefined) return [curl];
  const words = [
    'npx backstep events',
    ...(key === undefined ? [] : [key]),
    ...(type === undefined ? [] : [`--type ${quoted(type)}`]),
    ...(source === undefined ? [] : [`--service ${quoted(source)}`]),
    ...(topic === undefined ? [] : [`--topic ${quoted(topic)}`]),
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(follow ? ['--follow'] : []),
  ];
  return [words.join(' '), curl];
}

/** As a shell takes it: what a stranger wrote must not become a command. */
const quoted = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
