import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ABANDONED_AFTER_MS } from './limits.js';

/** Bytes of the longest path of a Unix socket, on the system with the shortest. */
const PATH_MAX_BYTES = 103;
const SUFFIX = '.sock';

/**
 * A name for the Unix socket of a process, in a folder that is made where it is missing, for this user alone. Files of processes that are gone are
 * removed.
 * @throws Error when the path is too long for a socket
 */
export async function socketFile(folder: string, service: string): Promise<string> {
  const path = join(folder, `${service}-${randomBytes(4).toString('hex')}${SUFFIX}`);
  if (Buffer.byteLength(path) > PATH_MAX_BYTES)
    throw new Error(`the folder of sockets has too long a name: ${path} has more than ${PATH_MAX_BYTES} bytes`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${service}-`) && file.endsWith(SUFFIX));
  await Promise.all(files.map((file) => removeAbandoned(join(folder, file))));
  return path;
}

async function removeAbandoned(path: string): Promise<void> {
  try {
    // One that is younger may be about to listen.
    if (Date.now() - (await stat(path)).mtimeMs < ABANDONED_AFTER_MS || (await isListening(path))) return;
    await unlink(path);
  } catch {
    // Another process has removed it.
  }
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}
