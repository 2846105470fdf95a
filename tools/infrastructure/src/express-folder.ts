import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Characters of a folder in which a service finds room for the name of a Unix socket: see `socket-file.ts` of libs/messaging. */
const FOLDER_MAX = 70;

/**
 * What services that are processes of their own have, unless the environment says otherwise: they hand their messages over by sockets in a folder of their
 * system. Empty where there is no room for the path of a socket, or the system has no such sockets: messages go by Kafka alone.
 * @param dir of the system
 */
export function handingOver(
  dir: string,
  { temporary = tmpdir(), platform = process.platform }: { temporary?: string; platform?: NodeJS.Platform } = {},
): Record<string, string> {
  if (platform === 'win32') return {};
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  const folder = [join(dir, 'express'), join(temporary, `backstep-${name}`)].find(hasRoom);
  return folder === undefined ? {} : { EXPRESS: 'true', EXPRESS_FOLDER: folder };
}

const hasRoom = (folder: string): boolean => Buffer.byteLength(folder) <= FOLDER_MAX;
