import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The parameters by name; `metadata[orderId]` is a name like any other. No name is special, so no prototype can be polluted. */
export type Form = ReadonlyMap<string, string>;

const FORM = 'application/x-www-form-urlencoded';

/** Stripe's API takes forms, not JSON. */
export function acceptForms(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => done(null, parseForm(String(body))));
}

/** @throws ProblemError `validation` when a name comes twice, since either value may be meant. */
export function parseForm(body: string): Form {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) throw givenTwice(name);
    form.set(name, value);
  }
  return form;
}

const givenTwice = (field: string): ProblemError =>
  new ProblemError(PROBLEMS.validation, {
    detail: `${field}: was given more than once`,
    errors: [{ in: 'body', field, message: 'was given more than once' }],
  });

const METADATA = /^metadata\[([^\]]{1,40})\]$/;

/** The `metadata[name]=value` parameters as an object. */
export function metadataOf(form: Form): Readonly<Record<string, string>> {
  const entries = [...form].flatMap(([name, value]) => {
    const key = METADATA.exec(name)?.[1];
    return key === undefined || value === '' ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

export const isMetadata = (name: string): boolean => METADATA.test(name);
