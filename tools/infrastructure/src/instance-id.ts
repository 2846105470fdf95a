import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const pathOf = (dir: string): string => join(dir, 'instance');

/** The id of the system whose data are in the folder; undefined when none was ever started from it. */
export function knownInstance(dir: string): string | undefined {
  try {
    return readFileSync(pathOf(dir), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same, made up at the first start. Only the starter that holds the folder's run file calls this. */
export function instanceOf(dir: string): string {
  const known = knownInstance(dir);
  if (known !== undefined) return known;
  const made = randomUUID();
  writeFileSync(pathOf(dir), `${made}\n`, { mode: 0o600 });
  return made;
}
