import { join } from 'node:path';
import { defaultDir, ROOT, superuserUrl } from '@backstep/infrastructure';
import { settingsIn } from './env-file.js';
import { UsageError } from './exit-codes.js';
import { whatRuns } from './where.js';

/**
 * Where databases may be created: DATABASE_URL, else the PostgreSQL of the running system.
 * @throws UsageError when the one is no URL, or the other is not ours; UnreachableError when nothing runs
 */
export async function serverUrl(): Promise<string> {
  const given = process.env['DATABASE_URL'];
  if (given && !URL.canParse(given)) throw new UsageError('DATABASE_URL must be a URL such as postgres://user@host/db');
  if (given) return given;
  const settings = { ...settingsIn(join(ROOT, '.env')), ...process.env };
  const url = superuserUrl(await whatRuns(), defaultDir(), settings);
  if (url !== undefined) return url;
  throw new UsageError(
    'The PostgreSQL of the running system is not ours: set DATABASE_URL to a login that may create databases.',
  );
}
