import { readFileSync } from 'node:fs';
import { InterruptedError } from '@backstep/infrastructure';
import { UsageError } from './option-values.js';

/** What `--json` wrote of an earlier run. @throws UsageError when it did not */
export function readWritten<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new UsageError(`${file} is not what --json writes: ${(error as Error).message}`);
  }
}

/** How a command of the bench ends. */
export interface EndOptions {
  /** Printed behind what is wrong with the options. */
  readonly usage: string;
  /** Of an interruption, for a command in which anything that is under way then fails with whatever it says itself. */
  readonly signal?: AbortSignal;
}

/**
 * Ends the process with the exit code of the work, 2 for wrong options, 1 for all else that it throws. The process is not left to end by itself: of a run
 * that was broken off, requests and timers may be left.
 */
export async function endWith(work: () => Promise<number>, { usage, signal }: EndOptions): Promise<never> {
  try {
    process.exit(await work());
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}${usage}`);
      process.exit(2);
    }
    const reason: unknown = signal?.aborted === true ? signal.reason : error;
    console.error(reason instanceof InterruptedError ? `broken off by ${reason.message}` : reason);
    process.exit(1);
  }
}
