import type { Check, Mutant, Verdict } from './mutant.js';

export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

/** One line while it runs. */
export function line({ mutant, verdict, tookMs }: Judged): string {
  const mark = verdict.kind === 'caught' ? '✓' : '✗';
  return `${mark} ${mutant.name.padEnd(NAME_WIDTH)} ${told(verdict, mutant.check)} (${(tookMs / 1_000).toFixed(1)} s)`;
}
export const NAME_WIDTH = 34;

export function told(verdict: Verdict, { kind }: Check): string {
  switch (verdict.kind) {
    case 'caught':
      return `caught by ${verdict.by}${verdict.seed === undefined ? '' : `, seed ${verdict.seed}`}${kind === 'simulation' ? `, ${runs(verdict.after)}` : ''}`;
    case 'survived':
      return `survived ${runs(verdict.runs)}`;
    case 'broken':
      return `broken mutant: ${verdict.why}`;
  }
}

const runs = (count: number): string => `${count} ${count === 1 ? 'run' : 'runs'}`;

const BEGIN = '<!-- the verdicts: npm run mutants -- --write-docs -->';
const END = '<!-- end of the verdicts -->';

/** The page with the table of these verdicts in it. @throws Error when it has no place for one */
export function withTable(page: string, judged: readonly Judged[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/mutants.md has no place for the table');
  return `${page.slice(0, from + BEGIN.length)}\n\n${table(judged)}\n\n${page.slice(to)}`;
}

function table(judged: readonly Judged[]): string {
  const rows = judged.map(({ mutant, verdict }) => {
    const { name, prevents, edits, check } = mutant;
    const where = [...new Set(edits.map(({ file }) => file))]
      .map((file) => `[${baseName(file)}](../${file})`)
      .join(', ');
    const how = howOf(check);
    return verdict.kind === 'caught'
      ? [`\`${name}\``, prevents, where, how, verdict.by.replace('doctor ', ''), String(verdict.after)]
      : [`\`${name}\``, prevents, where, how, `**${told(verdict, check)}**`, ''];
  });
  const titles = ['taken out', 'what it prevents', 'in', 'caught by', 'invariant, or spec', 'runs'];
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

/** A check, as it is told while it runs. */
export function named(check: Check): string {
  switch (check.kind) {
    case 'simulation':
      return `${check.runs} runs`;
    case 'chaos':
      return `chaos, ${check.minutes} min`;
    case 'spec':
      return baseName(check.file);
  }
}

/** In the table the runs have a column of their own, and a spec is a link. */
function howOf(check: Check): string {
  if (check.kind === 'simulation') return check.kind;
  return check.kind === 'spec' ? `[${named(check)}](../${check.file})` : named(check);
}

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
