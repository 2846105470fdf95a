import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A document that is the same for all clients: made, compressed and tagged once, and always sent from the same bytes. */
export class SharedDocument {
  private readonly plain: Buffer;
  private readonly gzipped: Buffer;
  private readonly tag: string;

  constructor(
    text: string,
    private readonly mediaType: string,
    /** What the answer at its address depends on. */
    private readonly vary = 'accept-encoding',
  ) {
    this.plain = Buffer.from(text);
    this.gzipped = gzipSync(this.plain);
    this.tag = createHash('sha256').update(this.plain).digest('base64url').slice(0, 27);
  }

  send({ headers }: FastifyRequest, reply: FastifyReply): void {
    const gzip = acceptsGzip(headers['accept-encoding']);
    // Strong tags name bytes: the compressed ones have one of their own (RFC 9110, 8.8.3).
    const etag = gzip ? `"${this.tag}-gzip"` : `"${this.tag}"`;
    void reply.headers({ etag, vary: this.vary, 'cache-control': 'no-cache' });
    if (knows(headers['if-none-match'], etag)) {
      void reply.status(304).send();
      return;
    }
    if (gzip) void reply.header('content-encoding', 'gzip');
    void reply.header('content-type', this.mediaType).send(gzip ? this.gzipped : this.plain);
  }
}

const GZIP = /(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?(?=,|$)/i;

function acceptsGzip(accepted: string | string[] = ''): boolean {
  const [found, quality = '1'] = GZIP.exec(String(accepted)) ?? [];
  return found !== undefined && Number(quality) > 0;
}

const knows = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
