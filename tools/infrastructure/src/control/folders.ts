import { join } from 'node:path';

/** What is written for processes to find, so that they do what a fault wants of them. */
export interface FaultFolders {
  /** A folder for each process, its `BACKSTEP_PAUSE_DIR`. */
  readonly pauseDir: string;
  /** Where the stand-in of the payment provider looks for what ails it. */
  readonly ailmentFile: string;
}

export const faultFoldersOf = (dir: string): FaultFolders => ({
  pauseDir: join(dir, 'pause-points'),
  ailmentFile: join(dir, 'payment-provider', 'ailment.json'),
});

/** Where a process looks for pause points, by its name. */
export const pauseDirOf = (pauseDir: string, name: string): string => join(pauseDir, name);
