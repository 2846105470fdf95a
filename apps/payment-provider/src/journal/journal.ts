import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Lines that wait for the disk. Each belongs to a request in flight; above it requests are turned away. */
export const PENDING_LINES_MAX = 10_000;

/** How much is collected before it is written, when the journal is rewritten. */
const REWRITE_CHUNK_BYTES = 1024 * 1024;

/** Lines that share one write, and the promise of those who wait for it. */
class Batch {
  readonly lines: string[] = [];
  readonly done: Promise<void>;
  resolve!: () => void;
  reject!: (error: Error) => void;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Lines in a file, on the disk before anyone is told. All that is appended while the disk is busy shares the next fsync,
 * so a hundred charges at once cost one. A write that fails is final: what the file holds then is unknown, and only
 * reading it again, at the next start, can tell.
 */
export class Journal {
  private next = new Batch();
  private writing: Batch | undefined;
  private failure: Error | undefined;

  private constructor(
    private readonly file: FileHandle,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Opens for appending; makes the file and its folder when missing. `onFailure` is told once, when the disk refuses. */
  static async open(path: string, onFailure: (error: unknown) => void): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true });
    const isNew = !existsSync(path);
    const file = await open(path, 'a');
    // A new file is safe only when its name in the folder is.
    if (isNew) await syncFolder(path);
    return new Journal(file, onFailure);
  }

  get isFull(): boolean {
    return this.next.lines.length >= PENDING_LINES_MAX;
  }

  /** Takes a line in; it counts once `durable()` resolves. @throws Error when the disk has failed before. */
  append(line: string): void {
    if (this.failure) throw this.failure;
    this.next.lines.push(line);
  }

  /** Resolves when everything appended so far is on the disk. @throws Error when it could not be written. */
  durable(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.next.lines.length === 0) return this.writing?.done ?? Promise.resolve();
    const { done } = this.next;
    if (!this.writing) void this.writeAll();
    return done;
  }

  async close(): Promise<void> {
    if (!this.failure) await this.durable();
    await this.file.close();
  }

  /** Never rejects: each batch carries its own outcome to those who wait for it. */
  private async writeAll(): Promise<void> {
    while (this.next.lines.length > 0) {
      const batch = this.next;
      this.writing = batch;
      this.next = new Batch();
      await this.write(batch);
    }
    this.writing = undefined;
  }

  private async write({ lines, resolve, reject }: Batch): Promise<void> {
    if (this.failure) return reject(this.failure);
    try {
      await this.file.appendFile(`${lines.join('\n')}\n`);
      await this.file.datasync();
      resolve();
    } catch (cause) {
      this.failure = new Error('the journal cannot be written', { cause });
      reject(this.failure);
      this.onFailure(cause);
    }
  }
}

/** All whole lines of a file, and whether it ends in half a line: a write cut short by a crash, of which nobody was told. */
export async function readLines(
  path: string,
  onLine: (line: string, number: number) => void,
): Promise<{ readonly torn: boolean }> {
  if (!existsSync(path)) return { torn: false };
  let rest = '';
  let number = 0;
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) onLine(line, (number += 1));
  }
  return { torn: rest !== '' };
}

/** Replaces a file by these lines. A crash leaves either the old file or the new one, whole. */
export async function rewrite(path: string, lines: Iterable<string>): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w');
  try {
    let chunk = '';
    for (const line of lines) {
      chunk += `${line}\n`;
      if (chunk.length < REWRITE_CHUNK_BYTES) continue;
      await file.appendFile(chunk);
      chunk = '';
    }
    await file.appendFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(path);
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such sync.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
