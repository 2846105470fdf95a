import { chmodSync, mkdirSync } from 'node:fs';

/** Only the owner may enter; what is in it, passwords and orders, is nobody else's business. */
const OWNER_ONLY = 0o700;
/** Takes every right from the group and from others. */
const NOBODY_ELSE = 0o077;

/** Makes the folder when it is missing, and closes it to others, also when an earlier version left it open. */
export function privateFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: OWNER_ONLY });
  chmodSync(dir, OWNER_ONLY);
}

/** What this process and those it starts write from now on is readable by their owner only. Not for a worker thread. */
export const writePrivately = (): void => void process.umask(NOBODY_ELSE);
