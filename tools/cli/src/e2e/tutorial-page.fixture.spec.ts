/** One thing that the reader does, in the order of the page. */
export type Part =
  | { readonly kind: 'start' }
  | { readonly kind: 'run'; readonly commands: string; readonly seen: string }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'edit'; readonly path: string; readonly diff: string };

export interface Chapter {
  readonly title: string;
  readonly parts: readonly Part[];
}

const BLOCK = /^(?:<!-- (?<what>write|edit) (?<path>\S+) -->\n\n)?```(?<language>.*)\n(?<text>[\s\S]*?)^```$/gm;

/**
 * What a page has its reader do: `sh` blocks are commands, and a `text` block after one is what is then seen; `sh up` is what stays in the
 * first terminal; `<!-- write PATH -->` stands before a file, `<!-- edit PATH -->` before a diff of one.
 * @throws Error when a block is none of these: all of the page is followed
 */
export function chaptersOf(page: string): Chapter[] {
  const [, ...chapters] = page.split(/^## /m);
  return chapters
    .map((chapter) => ({ title: chapter.slice(0, chapter.indexOf('\n')), parts: partsOf(chapter) }))
    .filter(({ parts }) => parts.length > 0);
}

function partsOf(chapter: string): Part[] {
  const parts: Part[] = [];
  for (const { groups = {} } of chapter.matchAll(BLOCK)) {
    const { what, path = '', language = '', text = '' } = groups;
    const last = parts.at(-1);
    if (language === 'sh up') parts.push({ kind: 'start' });
    else if (language === 'sh') parts.push({ kind: 'run', commands: text, seen: '' });
    else if (language === 'text' && last?.kind === 'run') parts[parts.length - 1] = { ...last, seen: text };
    else if (language === 'ts' && what === 'write') parts.push({ kind: 'write', path, text });
    else if (language === 'diff' && what === 'edit') parts.push({ kind: 'edit', path, diff: text });
    else throw new Error(`nobody can tell what the reader does with this block:\n\`\`\`${language}\n${text}`);
  }
  return parts;
}

/** The file, with what a diff says: between lines of `@@`, lines that stand together in it. @throws Error where they do not, once */
export function edited(text: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((done, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (left: string) => lines.filter((line) => line[0] !== left).map((line) => `${line.slice(1)}\n`);
    const [before, after] = [side('+').join(''), side('-').join('')];
    const times = done.split(before).length - 1;
    if (times !== 1) throw new Error(`these lines stand ${times} times in the file:\n${before}`);
    return done.replace(before, () => after);
  }, text);
}

const ESCAPES = /\x1b\[[0-9;]*m/g;
const IDS = /(?:…|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3})[0-9a-f]{12}/g;
/** With the unit of a duration. Not those of a name, such as P1. */
const NUMBERS = /(?<!\w)\d[\d.,:]*(?: (?:ms|s|min)\b)?/g;
/** A line of a story that `simulate` tells; another seed has another. */
const STORY = /^ *\d+ {2}/;
const VIOLATION = /VIOLATION .*/;
const EXIT_CODE = /^exit code/;

/** As two runs have it in common: without ids, times, counts and widths of columns. */
function lineOf(line: string): string {
  if (EXIT_CODE.test(line)) return line;
  const told = STORY.test(line) ? (VIOLATION.exec(line)?.[0] ?? '') : line;
  return told
    .replaceAll(IDS, '#')
    .replaceAll(NUMBERS, '#')
    .replaceAll(/[\s─]+/g, ' ')
    .trim();
}

const linesOf = (text: string): string[] => text.replaceAll(ESCAPES, '').split('\n').map(lineOf);

/**
 * The first line that the page shows and that was not seen, after those before it. Ids, times, counts and columns may differ; lines that the
 * page leaves out, and the lines of a story that are not its violation, may be any.
 * @returns undefined when all was seen
 */
export function firstUnseen(shown: string, output: string): string | undefined {
  const seen = linesOf(output);
  let at = 0;
  for (const line of shown.split('\n')) {
    const wanted = lineOf(line);
    if (wanted === '' || wanted === '…') continue;
    const found = seen.indexOf(wanted, at);
    if (found < 0) return line;
    at = found + 1;
  }
  return undefined;
}
