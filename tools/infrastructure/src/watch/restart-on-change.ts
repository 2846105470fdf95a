import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from '../report.js';
import type { System } from '../system.js';
import { PROCESS_NAMES, ROOT } from '../topology.js';
import { BuiltCode, folderOf } from './built-code.js';

/** How long nothing may have been built before services are restarted: an editor that saves ten files restarts them once. */
const SETTLE_MS = 300;

export interface Watch {
  /** Builds and restarts nothing any more; a restart that is going on is left to who stops the system. */
  stop(): void;
}

/**
 * Builds what changes in libs/ and apps/, and restarts each service whose code it is. PostgreSQL, Kafka and the other services stay up.
 * While there are errors, which are printed, nothing is restarted. A service that does not start is told, and tried again after
 * the next build.
 */
export function restartOnChange(system: Pick<System, 'restart' | 'processesOf'>, report: Report): Watch {
  const code = new BuiltCode();
  const owed = new Set<string>();
  let stopped = false;
  let restarting = false;
  let builtMeanwhile = false;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void restartOwed(), SETTLE_MS);
  };
  const restartOwed = async (): Promise<void> => {
    builtMeanwhile = restarting;
    if (restarting || stopped) return;
    restarting = true;
    for (const process of code.changed().flatMap((name) => system.processesOf(name))) owed.add(process);
    await Promise.all([...owed].map(restart));
    restarting = false;
    if (builtMeanwhile) settle();
  };
  const restart = async (name: string): Promise<void> => {
    try {
      await report.step(`${name} starts again`, () => system.restart(name));
      owed.delete(name);
    } catch (error) {
      if (!stopped) report.note(`✗ ${(error as Error).message}`);
    }
  };
  const builder = fork(join(ROOT, 'tools/watch-build.mjs'), PROCESS_NAMES.map(folderOf), {
    // What it prints is for people; what we print may be JSON.
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    // Ctrl-C reaches us alone.
    detached: process.platform !== 'win32',
  });
  builder.on('message', ({ errors }: { errors: number }) => {
    if (errors === 0) settle();
    else report.note(`✗ ${errors} error${errors === 1 ? '' : 's'}: nothing is restarted`);
  });
  builder.once('exit', (exitCode) => {
    if (!stopped) report.note(`✗ the build has ended with exit code ${exitCode}: changes are no longer seen`);
  });
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      builder.kill();
    },
  };
}
