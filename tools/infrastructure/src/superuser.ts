import { CONTAINERS_INSTANCE, type Settings } from './containers.js';
import type { RunningEnvironment } from './running-environment.js';
import { knownPassword } from './secrets.js';
import { SUPERUSER } from './topology.js';

/** On the embedded server and in the container alike. */
const NAME = 'postgres';

/**
 * The superuser's login at the PostgreSQL of a running system: who may create databases there. Secret.
 * @param dir where the passwords of an embedded server are kept
 * @param settings what Docker Compose got its passwords from
 * @returns undefined when the server is neither embedded nor the containers': its superuser is not known here
 */
export function superuserUrl(
  { instance, databases, processes }: RunningEnvironment,
  dir: string,
  settings: Settings,
): string | undefined {
  const [database] = Object.values(databases);
  const password =
    instance === CONTAINERS_INSTANCE
      ? settings[SUPERUSER.passwordSetting] || SUPERUSER.defaultPassword
      : processes['postgres']?.length
        ? knownPassword(dir, NAME)
        : undefined;
  if (!database || password === undefined) return undefined;
  const url = new URL(database);
  url.username = NAME;
  url.password = password;
  url.pathname = `/${NAME}`;
  return url.href;
}
