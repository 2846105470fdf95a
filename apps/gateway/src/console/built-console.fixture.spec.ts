import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export interface BuiltConsole {
  readonly folder: string;
  /** The name of its one script. */
  readonly script: string;
  remove(): void;
}

export const PAGE = '<!doctype html><title>Backstep</title>';
export const SCRIPT = 'export {};\n'.repeat(100);

/** What a build of the console leaves, in small: unit specs need no build. */
export function aBuiltConsole(): BuiltConsole {
  const folder = mkdtempSync(join(tmpdir(), 'backstep-console-'));
  const script = 'index-Cf3k_9aZ.js';
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  const write = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, 'assets', name), bytes);
  write(script, SCRIPT);
  write(`${script}.br`, brotliCompressSync(SCRIPT));
  write(`${script}.gz`, gzipSync(SCRIPT));
  write('index-Dq12.css', ':root{}');
  write('icon-B7.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write('index-Cf3k_9aZ.js.map', '{}');
  return { folder, script, remove: () => rmSync(folder, { recursive: true }) };
}
