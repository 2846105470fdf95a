import { Controller, Header } from '@nestjs/common';
import { Route } from '../api/route.js';
import { openApiDocument } from '../api/openapi.js';
import type { OpenApiDocument } from '../api/openapi-types.js';
import { OPERATIONS } from '../operations.js';
import { readDocs, readOpenApi } from './docs.operations.js';
import { docsPage } from './page.js';

const API_VERSION = '1.0.0';

/** The document and its page never change while the process lives, and most processes are never asked: made once, when first asked. */
@Controller()
export class DocsController {
  private document: OpenApiDocument | undefined;
  private page: string | undefined;

  @Route(readOpenApi)
  openApi(): OpenApiDocument {
    return (this.document ??= openApiDocument(OPERATIONS, API_VERSION));
  }

  @Route(readDocs)
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  )
  docs(): string {
    return (this.page ??= docsPage(this.openApi()));
  }
}
