import { Controller, HttpStatus, Inject, Req, Res } from '@nestjs/common';
import { CONFIG } from '@backstep/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { href, PATHS } from '../paths.js';
import { Route } from '../api/route.js';
import { API_VERSION } from '../api/version.js';
import { openApiDocument } from '../api/openapi.js';
import type { OpenApiDocument } from '../api/openapi-types.js';
import { Console } from '../console/console.js';
import type { GatewayConfig } from '../config.js';
import { operationsOf } from '../operations.js';
import { type ApiIndex, readApi, readDocs, readOpenApi, readRoot } from './docs.operations.js';
import { docsPage } from './page.js';
import { SharedDocument } from './shared-document.js';

const INDEX: ApiIndex = {
  name: 'Backstep',
  version: API_VERSION,
  links: {
    docs: PATHS.docs,
    openapi: PATHS.openApi,
    orders: href(PATHS.orders, {}),
    products: href(PATHS.products, {}),
    sagas: href(PATHS.sagas, {}),
    parked: href(PATHS.parked, {}),
  },
};

/** Made once, at the first request: the document and its page do not change, and most processes never serve them. */
@Controller()
export class DocsController {
  private description: OpenApiDocument | undefined;
  private document: SharedDocument | undefined;
  private page: { readonly document: SharedDocument; readonly policy: string } | undefined;

  constructor(
    @Inject(Console) private readonly console: Console,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'BACKSTEP_CONTROL'>,
  ) {}

  @Route(readOpenApi)
  openApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.document ??= new SharedDocument(JSON.stringify(this.describe()), 'application/json; charset=utf-8');
    this.document.send(request, reply);
  }

  @Route(readDocs)
  docs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.page ??= pageOf(this.describe());
    void reply.header('content-security-policy', this.page.policy);
    this.page.document.send(request, reply);
  }

  @Route(readRoot)
  root(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (this.console.isServed && isBrowser(request)) this.console.sendPage(request, reply);
    else this.pointOn(request, reply);
  }

  @Route(readApi)
  api(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.pointOn(request, reply);
  }

  /** Redirects a browser to the page, and gives a program the links. */
  private pointOn(request: FastifyRequest, reply: FastifyReply): void {
    void reply.header('vary', 'Accept');
    if (isBrowser(request)) void reply.redirect(PATHS.docs, HttpStatus.FOUND);
    else void reply.send(INDEX);
  }

  private describe(): OpenApiDocument {
    const served = { console: this.console.isServed, lab: this.config.BACKSTEP_CONTROL !== '' };
    return (this.description ??= openApiDocument(operationsOf(served), API_VERSION));
  }
}

const isBrowser = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/i.test(headers.accept ?? '');

function pageOf(description: OpenApiDocument) {
  const { html, policy } = docsPage(description);
  return { document: new SharedDocument(html, 'text/html; charset=utf-8'), policy };
}
