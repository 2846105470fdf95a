/** Of a file, its bytes in each coding that it was compressed to; `identity` are the plain ones. */
export type Codings = Readonly<Record<'identity', Buffer>> & Readonly<Partial<Record<Coding, Buffer>>>;
type Coding = 'br' | 'gzip';

/** The best first. */
const COMPRESSED: readonly Coding[] = ['br', 'gzip'];

/**
 * The smallest coding that the client takes (RFC 9110, 12.5.3). `identity` is never refused: a client that forbids it and takes none of
 * ours is answered the plain bytes all the same.
 */
export function codingFor(acceptEncoding: string | string[] | undefined, codings: Codings): keyof Codings {
  const accepted = new Map(
    String(acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((one) => {
        const [name = '', ...parameters] = one.split(';').map((part) => part.trim());
        const quality = parameters.find((part) => part.startsWith('q='))?.slice(2);
        return [name, quality === undefined ? 1 : Number(quality)] as const;
      }),
  );
  const takes = (coding: Coding): boolean => (accepted.get(coding) ?? accepted.get('*') ?? 0) > 0;
  return COMPRESSED.find((coding) => codings[coding] !== undefined && takes(coding)) ?? 'identity';
}
