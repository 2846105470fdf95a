import { paintFor } from './style.js';

/** Colour or not, decided once: standard output does not change while a command runs. */
export const paint = paintFor(process.stdout, process.env);

/** One JSON document, for programs. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** What is printed when a page is not the last one: the command that prints the next. */
export const nextPage = (command: string, cursor: string | null): string =>
  cursor === null ? '' : `\nMore: npx backstep ${command} --cursor ${cursor}`;

/** The reader went away (`| head`): nothing is wrong, and nothing more is wanted. */
export function endWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
