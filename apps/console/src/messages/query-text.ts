import { filtersOf, FILTERS, type MessageFilters } from './messages-search.js';

/** What the query bar was told, and the words in it that it does not understand. */
export interface ParsedQuery {
  readonly filters: MessageFilters;
  readonly wrong: readonly string[];
}

const isFilter = (name: string): name is (typeof FILTERS)[number] => FILTERS.some((one) => one === name);

/**
 * The text of the query bar: `topic:order.events type:*Refund* header:ce_sagaid=01a2… out of stock`. The names are those of the address; what has
 * no name is looked for as a text. A value with spaces stands in quotes, in which a backslash stands before a quote and before a backslash.
 */
export function parseQuery(text: string): ParsedQuery {
  const given: Record<string, string> = {};
  const wrong: string[] = [];
  const bare: string[] = [];
  for (const { name, value, written } of tokensOf(text)) {
    if (name === undefined) bare.push(value);
    else if (!isFilter(name) || given[name] !== undefined) wrong.push(written);
    else given[name] = name === 'header' ? value.replace(/[=:]/, ':') : value;
  }
  if (bare.length > 0 && given['text'] === undefined) given['text'] = bare.join(' ');
  else wrong.push(...bare);
  const filters = filtersOf(given);
  for (const [name, value] of Object.entries(given)) if (!(name in filters)) wrong.push(`${name}:${value}`);
  return { filters, wrong };
}

/** The filters as the query bar has them. */
export const queryText = (filters: MessageFilters): string =>
  chipsOf(filters)
    .map(({ text }) => text)
    .join(' ');

export interface Chip {
  readonly name: keyof MessageFilters;
  /** As it is written in the query bar. */
  readonly text: string;
}

/** One for each filter, in one order. */
export const chipsOf = (filters: MessageFilters): readonly Chip[] =>
  FILTERS.flatMap((name) => {
    const value = filters[name];
    if (value === undefined) return [];
    const text = name === 'header' ? String(value).replace(':', '=') : String(value);
    return [{ name, text: `${name}:${quoted(text)}` }];
  });

const quoted = (value: string): string =>
  /[\s"\\]/.test(value) || value === '' ? `"${value.replaceAll(/["\\]/g, (found) => `\\${found}`)}"` : value;

interface Token {
  readonly name: string | undefined;
  readonly value: string;
  readonly written: string;
}

const NAME = /^([a-z]+):/;

function* tokensOf(text: string): Generator<Token> {
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    const begin = at;
    const [prefix = '', name] = NAME.exec(text.slice(at)) ?? [];
    at += prefix.length;
    let value = '';
    if (text[at] === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\\') at++;
        value += text[at] ?? '';
      }
      at++;
    } else {
      const [word = ''] = /^\S*/.exec(text.slice(at)) ?? [];
      value = word;
      at += word.length;
    }
    yield { name, value, written: text.slice(begin, at) };
  }
}
