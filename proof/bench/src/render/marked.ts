/**
 * The document with `text` between its markers.
 * @param name of the markers, where a document has several pairs
 * @throws Error when the document has no such markers
 */
export function withMarked(document: string, text: string, name = 'measured'): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the document lacks ${begin} and ${end}`);
  return `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
}
