/** Text that is HTML already. Any other value in an `html` template is escaped. */
export interface Html {
  readonly text: string;
}

type Part = string | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const textOf = (part: Part): string => {
  if (typeof part === 'string') return escape(part);
  return 'text' in part ? part.text : part.map(({ text }) => text).join('');
};

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  text: strings.reduce((text, string, index) => text + textOf(parts[index - 1] ?? '') + string),
});

export const code = (text: string): Html => html`<code>${text}</code>`;

/** The part of Markdown that the descriptions use: paragraphs, lists and code. */
export function markdown(source: string): Html {
  const blocks = source.split(/\n\n|\n(?=- )/).filter((block) => block !== '');
  return { text: blocks.map((block) => `<p>${inline(block.replace(/^- /, ''))}</p>`).join('') };
}

const inline = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
