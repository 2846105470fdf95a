import type { FileHandle } from 'node:fs/promises';

/** Bytes of one read, for many lines and for a single one. */
const CHUNK_BYTES = 256 * 1024;
const LINE_BYTES = 1024;
/** Larger than any request: a line must end within it. */
const LINE_BYTES_MAX = 4 * 1024 * 1024;
const NEWLINE = 10;

export interface Line {
  readonly offset: number;
  readonly text: string;
}

/** Reads the lines of a file by offset: one, many from an offset on, or many before it. */
export class JournalFile {
  constructor(private readonly file: FileHandle) {}

  /** The whole line that begins at this offset; undefined when none ends there. */
  async lineAt(offset: number): Promise<string | undefined> {
    for (let bytes = LINE_BYTES; bytes <= LINE_BYTES_MAX; bytes *= 4) {
      const read = await this.read(offset, bytes);
      const end = read.indexOf(NEWLINE);
      if (end !== -1) return read.toString('utf8', 0, end);
      if (read.length < bytes) return undefined;
    }
    return undefined;
  }

  async *forwards(from: number, until: number): AsyncGenerator<Line> {
    let rest = Buffer.alloc(0);
    for (let position = from; position < until;) {
      const read = await this.read(position, Math.min(CHUNK_BYTES, until - position));
      if (read.length === 0) return;
      const chunk = Buffer.concat([rest, read]);
      const base = position - rest.length;
      position += read.length;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        yield { offset: base + start, text: chunk.toString('utf8', start, end) };
        start = end + 1;
      }
      rest = chunk.subarray(start);
    }
  }

  async *backwards(until: number): AsyncGenerator<Line> {
    /** The rest of a line that begins before `position`. */
    let rest = Buffer.alloc(0);
    for (let position = until; position > 0;) {
      const bytes = Math.min(CHUNK_BYTES, position);
      position -= bytes;
      const chunk = Buffer.concat([await this.read(position, bytes), rest]);
      let end = chunk.length;
      for (let before = newlineBefore(chunk, end); before !== -1; before = newlineBefore(chunk, end)) {
        yield { offset: position + before + 1, text: chunk.toString('utf8', before + 1, end - 1) };
        end = before + 1;
      }
      rest = chunk.subarray(0, end);
    }
    if (rest.length > 0) yield { offset: 0, text: rest.toString('utf8', 0, rest.length - 1) };
  }

  /** Where the last whole line of the first `size` bytes ends. */
  async endOfLastLine(size: number): Promise<number> {
    for (let position = size; position > 0;) {
      const bytes = Math.min(CHUNK_BYTES, position);
      position -= bytes;
      const newline = (await this.read(position, bytes)).lastIndexOf(NEWLINE);
      if (newline !== -1) return position + newline + 1;
    }
    return 0;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async read(position: number, bytes: number): Promise<Buffer<ArrayBuffer>> {
    const buffer = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await this.file.read(buffer, 0, bytes, position);
    return buffer.subarray(0, bytesRead);
  }
}

/** The newline in front of the line whose own newline is at `end - 1`. */
const newlineBefore = (chunk: Buffer, end: number): number => (end < 2 ? -1 : chunk.lastIndexOf(NEWLINE, end - 2));
