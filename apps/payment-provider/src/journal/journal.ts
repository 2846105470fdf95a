import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalFile, type Line } from './journal-file.js';

/** Lines that may wait for the disk. Each belongs to a request in flight; further requests are refused. */
export const PENDING_LINES_MAX = 10_000;

/** Lines that share one write, with the promise of that write. */
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
 * Lines in a file, which are on the disk before an answer is sent. Lines that are appended while the disk is busy share the next fsync, so a
 * hundred concurrent charges cost one. A failed write is final: the content of the file is then unknown until it is read at the next start.
 * A line is found by its offset, so that none has to be kept in memory.
 */
export class Journal {
  private next = new Batch();
  private writing: Batch | undefined;
  private failure: Error | undefined;
  private durableEnd: number;

  private constructor(
    private readonly writer: FileHandle,
    private readonly reader: JournalFile,
    /** With what waits for the disk. */
    private end: number,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.durableEnd = end;
  }

  /**
   * Opens for appending; creates the file and its folder when missing. Half a line at the end is cut off: a crash interrupted that write, it was
   * never answered, and the next line would be appended to it. `onFailure` is called once, when a write fails.
   */
  static async open(path: string, onFailure: (error: unknown) => void): Promise<Journal> {
    await mkdir(dirname(path), { recursive: true });
    const isNew = !existsSync(path);
    const writer = await open(path, 'a');
    // A new file is durable only once its name in the folder is.
    if (isNew) await syncFolder(path);
    const reader = new JournalFile(await open(path, 'r'));
    const { size } = await writer.stat();
    const whole = await reader.endOfLastLine(size);
    if (whole < size) {
      await writer.truncate(whole);
      await writer.sync();
    }
    return new Journal(writer, reader, whole, onFailure);
  }

  /** Where the next line will be. */
  get size(): number {
    return this.end;
  }

  get isFull(): boolean {
    return this.next.lines.length >= PENDING_LINES_MAX;
  }

  /** Appends a line, which is durable once `durable()` resolves. @returns its offset @throws Error after a failed write. */
  append(line: string): number {
    if (this.failure) throw this.failure;
    const offset = this.end;
    this.next.lines.push(line);
    this.end += Buffer.byteLength(line) + 1;
    return offset;
  }

  /** Resolves when everything appended so far is on the disk. @throws Error when it could not be written. */
  durable(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.next.lines.length === 0) return this.writing?.done ?? Promise.resolve();
    const { done } = this.next;
    if (!this.writing) void this.writeAll();
    return done;
  }

  /** The line at this offset; undefined when none begins there. Lines that are not durable yet are not found, here and below. */
  lineAt(offset: number): Promise<string | undefined> {
    return this.reader.lineAt(offset);
  }

  /** From an offset at which a line begins, the oldest first. */
  lines(from = 0): AsyncGenerator<Line> {
    return this.reader.forwards(from, this.durableEnd);
  }

  /** Before an offset at which a line begins, the newest first. */
  linesBefore(until = this.durableEnd): AsyncGenerator<Line> {
    return this.reader.backwards(until);
  }

  async close(): Promise<void> {
    if (!this.failure) await this.durable();
    await this.writer.close();
    await this.reader.close();
  }

  /** Never rejects: each batch has a promise of its own. */
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
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      await this.writer.appendFile(bytes);
      await this.writer.datasync();
      this.durableEnd += bytes.length;
      resolve();
    } catch (cause) {
      this.failure = new Error('the journal cannot be written', { cause });
      reject(this.failure);
      this.onFailure(cause);
    }
  }
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
