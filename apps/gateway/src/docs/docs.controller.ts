import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Route } from '../api/route.js';
import { openApiDocument } from '../api/openapi.js';
import type { OpenApiDocument } from '../api/openapi-types.js';
import { OPERATIONS } from '../operations.js';
import { readDocs, readOpenApi } from './docs.operations.js';
import { docsPage } from './page.js';
import { SharedDocument } from './shared-document.js';

const API_VERSION = '1.0.0';

/** The document and its page never change while the process lives, and most processes are never asked: made once, when first asked. */
@Controller()
export class DocsController {
  private description: OpenApiDocument | undefined;
  private document: SharedDocument | undefined;
  private page: SharedDocument | undefined;

  @Route(readOpenApi)
  openApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.document ??= new SharedDocument(JSON.stringify(this.describe()), 'application/json; charset=utf-8');
    this.document.send(request, reply);
  }

  @Route(readDocs)
  docs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.page ??= new SharedDocument(docsPage(this.describe()), 'text/html; charset=utf-8');
    void reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    this.page.send(request, reply);
  }

  private describe(): OpenApiDocument {
    return (this.description ??= openApiDocument(OPERATIONS, API_VERSION));
  }
}

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
