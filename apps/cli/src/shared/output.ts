import { paintFor } from './style.js';

/** Colour or not, decided once: standard output does not change while a command runs. */
export const paint = paintFor(process.stdout, process.env);

/** One JSON document, for programs. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** What follows a page that is not the last one: the same command, for the next. */
export function nextPage(cursor: string | null, given: readonly string[] = process.argv.slice(2)): string {
  if (cursor === null) return '';
  const same = given.filter((word, at) => !word.startsWith('--cursor') && given[at - 1] !== '--cursor');
  return `\n\nMore: npx backstep ${same.join(' ')} --cursor ${cursor}`;
}

/** The reader went away (`| head`): nothing is wrong, and nothing more is wanted. */
export function endWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
