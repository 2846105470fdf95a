import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { OPERATOR, ROOT, type Settings } from '@backstep/infrastructure';

const ON_THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The header that operators' functions ask for: with OPERATOR_TOKEN, or, on this machine, with what Docker Compose gives its containers.
 * A service that has no token takes any.
 */
export function authorizationFor(
  url: string,
  settings: Settings = process.env,
  envFile = join(ROOT, '.env'),
): Readonly<Record<string, string>> {
  const given = settings[OPERATOR.tokenSetting];
  if (given) return bearer(given);
  // What is in a file here, or known to everybody, is for nobody elsewhere.
  if (!ON_THIS_MACHINE.has(new URL(url).hostname)) return {};
  return bearer(settingsIn(envFile)[OPERATOR.tokenSetting] || OPERATOR.defaultToken);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function settingsIn(file: string): Settings {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
