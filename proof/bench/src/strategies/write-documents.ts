import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';
import * as prettier from 'prettier';
import { withFigures } from './render/cited.js';
import { withMeasured } from './render/document.js';
import { crossoverPlot, throughputPlot } from './render/plots.js';
import type { StrategiesReport } from './report.js';

const MEASURED = join(ROOT, 'docs', 'concurrency', 'measured.md');
const CITES = [join(ROOT, 'docs', 'concurrency', 'README.md'), MEASURED];

/** What the documents are written from. */
export const RESULTS = join(ROOT, 'proof', 'bench', 'results', 'strategies.json');

/** All documents that show this report, by their paths: as they are, with its figures. Tables are not padded to their width yet. */
export function documentsOf(report: StrategiesReport): ReadonlyMap<string, string> {
  const documents = new Map<string, string>([
    [join(ROOT, 'docs', 'img', 'strategies-throughput.svg'), throughputPlot(report)],
    [join(ROOT, 'docs', 'img', 'strategies-crossover.svg'), crossoverPlot(report)],
  ]);
  for (const path of CITES) {
    const text = readFileSync(path, 'utf8');
    documents.set(path, withFigures(path === MEASURED ? withMeasured(text, report) : text, report));
  }
  return documents;
}

/** Writes the report, and what shows it. */
export async function writeDocuments(report: StrategiesReport): Promise<void> {
  const results = resultsText(report);
  writeFileSync(RESULTS, results);
  const options = await prettier.resolveConfig(RESULTS);
  // From the digits that are kept, so that a specification can hold the documents against the file.
  for (const [path, text] of documentsOf(JSON.parse(results) as StrategiesReport)) {
    const isMarkdown = path.endsWith('.md');
    writeFileSync(path, isMarkdown ? await prettier.format(text, { ...options, filepath: path }) : text);
  }
}

/** A line for each cell; five digits. */
export function resultsText({ cells, ...rest }: StrategiesReport): string {
  const json = (value: unknown): string =>
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(5)) : one,
    );
  const head = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${json(value)}`);
  return `{\n${[...head, `"cells": [\n${cells.map(json).join(',\n')}\n]`].join(',\n')}\n}\n`;
}
