import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';
import * as prettier from 'prettier';
import { withPeers } from './render/document.js';
import { reportText, type PeersReport } from './report.js';

export const DOCUMENT = join(ROOT, 'proof', 'bench', 'README.md');
/** What the document is written from. */
export const RESULTS = join(ROOT, 'proof', 'bench', 'results', 'peers.json');

/** @returns undefined as long as nothing was kept */
export const keptReport = (): PeersReport | undefined =>
  existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as PeersReport) : undefined;

/** The document as it is, with the tables of this report. */
export async function documentWith(report: PeersReport | undefined): Promise<string> {
  const text = withPeers(readFileSync(DOCUMENT, 'utf8'), report);
  return prettier.format(text, { ...(await prettier.resolveConfig(DOCUMENT)), filepath: DOCUMENT });
}

/** Keeps the report, and shows it in the document. */
export async function writeDocument(report: PeersReport): Promise<void> {
  writeFileSync(RESULTS, reportText(report));
  // From the digits that are kept, so that a specification can hold the document against the file.
  writeFileSync(DOCUMENT, await documentWith(keptReport()));
}
