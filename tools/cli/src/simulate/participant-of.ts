import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EntityClass } from '@backstep/concurrency';
import { ROOT } from '@backstep/infrastructure';
import { declarationOf } from '@backstep/messaging';
import type { Participant } from '@backstep/simulation';
import { UsageError } from '../shared/exit-codes.js';

const APPS = join(ROOT, 'apps');

/**
 * The handlers and the rows that a service's module lists.
 * @param service a service of this clone; or the path of a built module that exports one with messaging
 * @throws UsageError
 */
export async function participantOf(service: string): Promise<Participant> {
  const path = pathOf(service);
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`--with ${service}: ${(error as Error).message}`);
  }
  const [declaration] = Object.values(module).flatMap((one) =>
    typeof one === 'function' ? (declarationOf(one as new () => object) ?? []) : [],
  );
  if (!declaration) {
    throw new UsageError(`--with ${service}: ${path} exports no module that imports messaging`);
  }
  const entities = Object.values(declaration.entities).filter((one) => typeof one === 'function') as EntityClass[];
  return { service: declaration.service, handlers: declaration.handlers, entities };
}

function pathOf(service: string): string {
  if (/[./\\]/.test(service)) return resolve(service);
  const path = join(APPS, service, 'dist', `${service}.module.js`);
  if (existsSync(path)) return path;
  if (existsSync(join(APPS, service, 'service.json'))) {
    throw new UsageError(`--with ${service}: it is not built yet: \`npm run build\``);
  }
  const known = readdirSync(APPS).filter((name) => existsSync(join(APPS, name, 'service.json')));
  throw new UsageError(`--with ${service}: there is no such service; there are ${known.join(', ')}`);
}
