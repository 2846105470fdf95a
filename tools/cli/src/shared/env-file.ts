import type { Settings } from '@backstep/infrastructure';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** What Docker Compose reads its settings from; none where there is no such file. */
export function settingsIn(file: string): Settings {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
