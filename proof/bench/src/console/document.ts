import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';
import * as prettier from 'prettier';
import { withMarked } from '../render/marked.js';
import { reportDocument, reportText, type ConsoleReport } from './report.js';

export const DOCUMENT = join(ROOT, 'proof', 'bench', 'README.md');
/** What the document is written from. */
const RESULTS = join(ROOT, 'proof', 'bench', 'results', 'console.json');
/** What the document says as long as nothing was measured on a machine that had nothing else to do. */
const NOT_MEASURED = 'Not measured yet: `npm run bench -- console --write` writes the table here.';

/** @returns undefined as long as nothing was kept */
export const keptReport = (): ConsoleReport | undefined =>
  existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as ConsoleReport) : undefined;

/** The document as it is, with the table of this report. */
export async function documentWith(report: ConsoleReport | undefined): Promise<string> {
  const text = withMarked(readFileSync(DOCUMENT, 'utf8'), report ? reportDocument(report) : NOT_MEASURED, 'console');
  return prettier.format(text, { ...(await prettier.resolveConfig(DOCUMENT)), filepath: DOCUMENT });
}

/** Keeps the report, and shows it in the document. */
export async function writeDocument(report: ConsoleReport): Promise<void> {
  writeFileSync(RESULTS, reportText(report));
  // From the digits that are kept, so that a specification can hold the document against the file.
  writeFileSync(DOCUMENT, await documentWith(keptReport()));
}
