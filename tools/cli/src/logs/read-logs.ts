import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseLogLine, type LogLine } from './log-line.js';

/** `payment.log`, `payment-2.log`, and the older `payment.log.1` beside it. */
const LOG = /^(.+?)(?:-\d+)?\.log(?:\.1)?$/;
/** These log by themselves, and know no order. */
const NOT_OURS: ReadonlySet<string> = new Set(['kafka', 'postgres']);

export interface FoundLines {
  /** In order of time. */
  readonly lines: readonly LogLine[];
  /** Earlier ones, of which there was no room. */
  readonly dropped: number;
}

export const logsOf = (dir: string): string => join(dir, 'logs');

/** Whether anything that was started from this folder has ever logged. */
export const hasLogs = (dir: string): boolean => existsSync(logsOf(dir));

/** The log of a process that is the first of its kind: `payment.log`, not `payment-2.log`. */
export const isOfFirst = (file: string): boolean => !/-\d+\.log/.test(file);

/**
 * The newest `limit` lines of the services' logs in which one of these words stands. Memory holds `limit` lines of each file.
 * @param isWanted which files are read; default all
 */
export async function linesWith(
  dir: string,
  words: readonly string[],
  limit: number,
  isWanted: (file: string) => boolean = () => true,
): Promise<FoundLines> {
  const all: LogLine[] = [];
  let dropped = 0;
  for (const file of readdirSync(logsOf(dir)).sort()) {
    const process = LOG.exec(file)?.[1];
    if (process === undefined || NOT_OURS.has(process) || !isWanted(file)) continue;
    const own: LogLine[] = [];
    for await (const line of linesIn(join(logsOf(dir), file), process, words)) {
      own.push(line);
      if (own.length > 2 * limit) dropped += own.splice(0, own.length - limit).length;
    }
    all.push(...own);
  }
  // The sort is stable: what one process wrote in a millisecond stays as it wrote it.
  all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return { lines: all.slice(-limit), dropped: dropped + Math.max(0, all.length - limit) };
}

async function* linesIn(file: string, process: string, words: readonly string[]): AsyncGenerator<LogLine, void, void> {
  let before = '';
  // Text that is searched is parsed only where a word stands, or for the time of what follows.
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    if (text.startsWith('{')) before = TIME.exec(text)?.[1] ?? before;
    if (words.some((word) => text.includes(word))) yield parseLogLine(text, process, before);
  }
}

const TIME = /"time":"([^"]+)"/;
