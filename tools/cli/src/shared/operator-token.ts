import { join } from 'node:path';
import { isLoopback } from '@backstep/service/loopback';
import { OPERATOR, ROOT, type Settings } from '@backstep/infrastructure';
import { settingsIn } from './env-file.js';

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
  if (!isLoopback(new URL(url).hostname)) return {};
  return bearer(settingsIn(envFile)[OPERATOR.tokenSetting] || OPERATOR.defaultToken);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
