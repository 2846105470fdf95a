import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ZSTDDecoder } from 'zstddec';
import { openLz4 } from './lz4.js';
import { openSnappy } from './snappy.js';
import { MalformedError, TooLargeError } from './unreadable.js';
import { zstdMayOpenTo } from './zstd-frame.js';

type Open = (bytes: Buffer, maxBytes: number) => Promise<Buffer> | Buffer;

const gunzipBytes = promisify(gunzip);

async function openGzip(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  try {
    return await gunzipBytes(bytes, { maxOutputLength });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new TooLargeError(`gzip that opens to more than ${maxOutputLength} bytes`, { cause: error });
  }
}

/** WebAssembly, compiled when the first zstd batch comes: a service without one pays nothing. */
let zstd: Promise<ZSTDDecoder> | undefined;

async function zstdDecoder(): Promise<ZSTDDecoder> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return decoder;
}

/**
 * The library writes into one buffer of `maxBytes` and needs no window beside it. It returns no bytes for whatever it cannot open, without
 * a reason. Whether the content was too large is derived from the sizes that its blocks may have.
 */
async function openZstd(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const opened = (await (zstd ??= zstdDecoder())).decode(bytes, maxBytes);
  if (opened.length > 0) return Buffer.from(opened.buffer, opened.byteOffset, opened.length);
  if ((zstdMayOpenTo(bytes) ?? 0) > maxBytes) throw new TooLargeError(`zstd that opens to more than ${maxBytes} bytes`);
  throw new MalformedError('zstd that is damaged');
}

/** By the number in a batch's attributes. 5 to 7 are not assigned yet. */
const CODECS: readonly (Open | undefined)[] = [undefined, openGzip, openSnappy, openLz4, openZstd];

/** @throws MalformedError, TooLargeError, or what the codec throws */
export async function open(codec: number, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const codecOf = CODECS[codec];
  if (!codecOf) throw new MalformedError(`compression ${codec}, which is unknown here`);
  return codecOf(bytes, maxBytes);
}
