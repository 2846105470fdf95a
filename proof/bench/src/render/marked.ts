const BEGIN = '<!-- measured: begin -->';
const END = '<!-- measured: end -->';

/** The document with `text` between its markers. @throws Error when the document has no markers */
export function withMarked(document: string, text: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`the document lacks ${BEGIN} and ${END}`);
  return `${document.slice(0, from)}${BEGIN}\n\n${text}\n\n${document.slice(to)}`;
}
