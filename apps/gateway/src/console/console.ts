import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { CONFIG } from '@backstep/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { SharedDocument } from '../docs/shared-document.js';
import { codingFor, type Codings } from './content-coding.js';
import { PAGE_HEADERS, SCRIPT_HEADERS } from './page-headers.js';

/** The folder that `apps/console` was built to. A spec gives another one. */
export const CONSOLE_FOLDER = Symbol('CONSOLE_FOLDER');
const BUILT = fileURLToPath(new URL('../../../console/dist/site/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface File {
  readonly type: string;
  readonly codings: Codings;
}

/** The built console in memory, about 1 MB: no request reads the disk, and no path of a request becomes one of a file. */
@Injectable()
export class Console {
  private readonly page: SharedDocument | undefined;
  private readonly files: ReadonlyMap<string, File>;

  constructor(
    @Inject(CONFIG) { CONSOLE: isOn }: Pick<GatewayConfig, 'CONSOLE'>,
    @Optional() @Inject(CONSOLE_FOLDER) folder: string = BUILT,
  ) {
    const page = join(folder, 'index.html');
    const isServed = isOn === 'on' && existsSync(page);
    this.page = isServed
      ? new SharedDocument(readFileSync(page, 'utf8'), 'text/html; charset=utf-8', 'accept, accept-encoding')
      : undefined;
    this.files = isServed ? filesIn(join(folder, 'assets')) : new Map();
  }

  /** False when it is switched off, or was not built: then its addresses answer 404, and no document names them. */
  get isServed(): boolean {
    return this.page !== undefined;
  }

  /** @throws ProblemError `not-found` when it is not served. */
  sendPage(request: FastifyRequest, reply: FastifyReply): void {
    if (!this.page) throw notServed();
    void reply.headers(PAGE_HEADERS);
    this.page.send(request, reply);
  }

  /** @throws ProblemError `not-found` when there is no such file. */
  sendFile(name: string, { headers }: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.get(name);
    if (!file) throw this.isServed ? new ProblemError(PROBLEMS.notFound) : notServed();
    const coding = codingFor(headers['accept-encoding'], file.codings);
    if (coding !== 'identity') void reply.header('content-encoding', coding);
    if (file.type === TYPES['.js']) void reply.headers(SCRIPT_HEADERS);
    void reply
      .headers({
        'content-type': file.type,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
      .send(file.codings[coding]);
  }
}

const notServed = (): ProblemError =>
  new ProblemError(PROBLEMS.notFound, { detail: 'The console is not served here: CONSOLE=off, or it is not built.' });

/** The compressed forms lie beside the file that they are of. */
function filesIn(folder: string): ReadonlyMap<string, File> {
  const read = (name: string): Buffer | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path) : undefined;
  };
  return new Map(
    readdirSync(folder).flatMap((name) => {
      const type = TYPES[extname(name)];
      const [identity, br, gzip] = [name, `${name}.br`, `${name}.gz`].map(read);
      if (type === undefined || identity === undefined) return [];
      return [[name, { type, codings: { identity, ...(br && { br }), ...(gzip && { gzip }) } }] as const];
    }),
  );
}
