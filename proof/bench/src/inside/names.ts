/**
 * Loaded into a service before its own code (`node --import`): names of brokers are answered as Docker's own resolver answers those of
 * containers. `BACKSTEP_BENCH_NAMES` is a folder with a file a name; a name whose file says `gone` fails as that of a container that is
 * down, at once and with ENOTFOUND, and every other is this machine.
 */
import dns from 'node:dns';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HOST = '127.0.0.1';
export const GONE = 'gone';

/** `net.connect` looks names up with it, and every client built on that. */
export function answerNames(folder: string): void {
  const lookup = dns.lookup as (name: string, ...rest: unknown[]) => void;
  const answer = (name: string, ...rest: unknown[]): void => {
    const file = join(folder, name);
    if (!existsSync(file)) return lookup(name, ...rest);
    if (readFileSync(file, 'utf8') !== GONE) return lookup(HOST, ...rest);
    const callback = rest.at(-1) as (error: Error) => void;
    const error = new Error(`getaddrinfo ENOTFOUND ${name}`);
    process.nextTick(callback, Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name }));
  };
  Object.assign(dns, { lookup: answer });
}

const { BACKSTEP_BENCH_NAMES: folder } = process.env;
if (folder !== undefined) answerNames(folder);
