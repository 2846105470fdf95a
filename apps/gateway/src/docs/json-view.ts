import type { Json } from '../api/openapi-types.js';
import { html, type Html } from './html.js';

/** Names, strings and everything else that has a value. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;

/** JSON for people, with a colour for each kind of token. */
export function jsonView(value: Json): Html {
  const text = JSON.stringify(value, null, 2);
  const parts: Html[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [token, quoted, colon] = match;
    parts.push(html`${text.slice(at, match.index)}`);
    if (quoted === undefined) parts.push(html`<span class="n">${token}</span>`);
    else parts.push(html`<span class="${colon === undefined ? 's' : 'k'}">${quoted}</span>${colon ?? ''}`);
    at = match.index + token.length;
  }
  return html`${parts}${text.slice(at)}`;
}
