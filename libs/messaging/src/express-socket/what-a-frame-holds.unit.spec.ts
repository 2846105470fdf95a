import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import fc from 'fast-check';
import { aMessage } from './between-processes.fixture.spec.js';
import { FRAME, frameOf, FrameReader, messageFrame, readMessage, type FrameKind } from './frames.js';
import { FRAME_MAX_BYTES, HANDSHAKE_FRAME_MAX_BYTES, HEADERS_MAX } from './limits.js';

/** Goal: a message comes out of a frame as it went in, however the bytes are cut; bytes that are no frame are an error, and never more than that. */
const HEAD_BYTES = 5;
const trusted = (): FrameReader => {
  const reader = new FrameReader();
  reader.maxBytes = FRAME_MAX_BYTES;
  return reader;
};

function framesIn(bytes: Buffer, cutAt: readonly number[], reader = trusted()): { kind: FrameKind; body: Buffer }[] {
  const found: { kind: FrameKind; body: Buffer }[] = [];
  let from = 0;
  for (const to of [...cutAt.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]) {
    reader.push(bytes.subarray(from, to), (kind, body) => found.push({ kind, body: Buffer.from(body) }));
    from = to;
  }
  return found;
}

const framed = (message = aMessage(), number = 1): Buffer => {
  const frame = messageFrame(message, number);
  if (!frame) throw new Error('it is too large');
  return frame;
};

describe('a message in a frame', () => {
  it('a message in a frame comes out as it went in, however its bytes are cut', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const message = fc.record({ key: text, value: text, shard: fc.nat(0xffff), header: text });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (all, cuts) => {
          const messages = all.map(({ header, ...rest }) => {
            const id = newId();
            return aMessage({ id, ...rest, headers: { ce_id: id, [`x-${header}`]: header } });
          });
          const bytes = Buffer.concat(messages.map((one, index) => framed(one, index + 1)));
          const found = framesIn(bytes, cuts).map(({ body }) => readMessage(body));
          expect(found.map(({ number }) => number)).toEqual(messages.map((_, index) => index + 1));
          const comparable = found.map(({ message: { bytes: _, ...rest } }) => rest);
          expect(comparable).toEqual(messages.map(({ bytes: _, ...rest }) => rest));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a message that is too large for a frame is in none', () => {
    expect(messageFrame(aMessage({ value: 'x'.repeat(FRAME_MAX_BYTES) }), 1)).toBeUndefined();
    expect(messageFrame(aMessage({ key: 'x'.repeat(0x10000) }), 1)).toBeUndefined();
  });

  it('any bytes in place of a message are a message or a BadFrameError', () => {
    const good = framed().subarray(HEAD_BYTES);
    const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      return bytes;
    });
    const arbitrary = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(damaged, arbitrary), (body) => {
        try {
          expect(readMessage(body).message.id).toHaveLength(36);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BadFrameError' });
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['has no id', {}],
    ['has an id that is none', { ce_id: 'x' }],
    ['has a header that is no text', { ce_id: newId(), ce_time: 7 }],
    ['has too many headers', Object.fromEntries([...Array(HEADERS_MAX + 1).keys()].map((n) => [`h${n}`, '']))],
  ])('a message that %s is refused', (_, headers) => {
    const body = framed(aMessage({ headers: headers as Record<string, string> })).subarray(HEAD_BYTES);
    expect(() => readMessage(body)).toThrow(expect.objectContaining({ name: 'BadFrameError' }));
  });
});

describe('a stream of frames', () => {
  it('a stream of frames ends at an unknown kind', () => {
    const frame = frameOf(FRAME.ping);
    frame[4] = 99;
    expect(() => framesIn(frame, [])).toThrow('unknown kind');
  });

  it('a stream of frames ends at one that is too large, before its body has come', () => {
    const head = framed().subarray(0, HEAD_BYTES);
    head.writeUInt32BE(FRAME_MAX_BYTES + 1, 0);
    expect(() => framesIn(head, [])).toThrow('a frame of');
  });

  it('a stream of somebody without a proof has small frames', () => {
    const frame = frameOf(FRAME.hello, 'x'.repeat(HANDSHAKE_FRAME_MAX_BYTES + 1));
    expect(() => framesIn(frame, [], new FrameReader())).toThrow('a frame of');
  });
});
