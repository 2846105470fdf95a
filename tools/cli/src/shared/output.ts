import { createInterface } from 'node:readline/promises';
import { inspect } from 'node:util';
import { commandToScreen, fitHelp, helpWidth } from './help-text.js';
import { printable, writable, writableJson } from './safe-text.js';
import { wrapToScreen } from './screen.js';
import { paintFor } from './style.js';

/** Colour or not, decided once: standard output does not change while a command runs. */
export const paint = paintFor(process.stdout, process.env);

/**
 * All that a command says goes through here, to standard output and to standard error: this is the one place where text of strangers
 * meets a terminal. Lint allows `console` nowhere else.
 */
export const print = (text: string): void => console.log(writable(text));
export const printError = (told: unknown): void =>
  console.error(writable(typeof told === 'string' ? wrapToScreen(told) : inspect(told)));

/** One JSON document on standard error: what went wrong, for programs. */
export const printErrorJson = (value: unknown): void => console.error(writableJson(JSON.stringify(value, null, 2)));

/** What Commander writes itself: help, and what it did not understand, which it quotes. */
export const commanderOutput = (wide: boolean) => ({
  writeOut: (text: string): void => void process.stdout.write(writable(fitHelp(text))),
  writeErr: (text: string): void => void process.stderr.write(writable(fitHelp(text))),
  getOutHelpWidth: () => helpWidth(wide) as number,
  getErrHelpWidth: () => helpWidth(wide) as number,
});

/** @returns what the person at the terminal types */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(writable(question))).trim();
  } finally {
    terminal.close();
  }
}

/** One JSON document, for programs. */
export const printJson = (value: unknown): void => console.log(writableJson(JSON.stringify(value, null, 2)));

/** One JSON document on one line, of many. */
export const printJsonLine = (value: unknown): void => console.log(writableJson(JSON.stringify(value)));

/** What follows a page that is not the last one: the same command, for the next. */
export function nextPage(cursor: string | null, given: readonly string[] = process.argv.slice(2)): string {
  if (cursor === null) return '';
  const same = given.filter((word, at) => !word.startsWith('--cursor') && given[at - 1] !== '--cursor');
  return `\n\n${commandToScreen(`More: npx backstep ${same.join(' ')} --cursor ${printable(cursor)}`)}`;
}

/** The reader went away (`| head`): nothing is wrong, and nothing more is wanted. */
export function endWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}
