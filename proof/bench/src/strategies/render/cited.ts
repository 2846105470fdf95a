import { OPTIMISTIC, type Crossing } from '../crossover.js';
import type { LoadName } from '../loads.js';
import type { StrategiesReport } from '../report.js';
import { count, ms, percent, times } from './numbers.js';
import { anchorOf, figuresAt, placeTitle, workTitle, type Figures } from './places.js';

/**
 * A figure that a document cites: a link into measured.md whose title says which one it is, so that the figure can be renewed and checked.
 *
 *     [321/s](measured.md#one-key-no-work-inside 'throughput of optimistic, one, 64 clients, 0 ms')
 *     [2.3 ×](measured.md#one-key-no-work-inside 'throughput of locked to optimistic, one, 64 clients, 0 ms')
 *     [27 %](measured.md#crossover-no-work-inside 'crossover of throughput, 0 ms')
 */
const LINK = /\[[^\]\n]*\]\(((?:[\w./-]*\/)?measured\.md)#[\w-]+ (['"])([^'"\n]+)\2\)/g;
const CELL =
  /^(throughput|p99|conflicts|loss) of ([\w-]+)(?: to ([\w-]+))?, (uniform|zipf|one), (\d+) clients?, (\d+) ms$/;
const CROSSOVER = /^crossover of (throughput|p99), (\d+) ms$/;

/** The document with all figures that it cites as they are in this report. @throws Error for one that is not there */
export const withFigures = (document: string, report: StrategiesReport): string =>
  document.replace(LINK, (_, page: string, quote: string, title: string) => {
    const { text, anchor } = figureOf(title, report);
    return `[${text}](${page}#${anchor} ${quote}${title}${quote})`;
  });

/** The titles of all figures that a document cites. */
export const citedIn = (document: string): string[] => [...document.matchAll(LINK)].map(([, , , title = '']) => title);

function figureOf(title: string, report: StrategiesReport): { readonly text: string; readonly anchor: string } {
  const crossover = CROSSOVER.exec(title);
  if (crossover) {
    const [, of, work] = crossover;
    const workMs = Number(work);
    const found = report.crossover?.crossings.find((one) => one.of === of && one.workMs === workMs);
    return { text: crossingFigure(found, title), anchor: anchorOf(`Crossover, ${workTitle(workMs)}`) };
  }
  const cell = CELL.exec(title);
  if (!cell) throw new Error(`measured.md has no figure "${title}"`);
  const [, what, strategy = '', other, load, clients, work] = cell;
  const place = { load: load as LoadName, clients: Number(clients), workMs: Number(work) };
  const of = (name: string) => {
    const figures = figuresAt(report, { strategy: name, ...place });
    if (!figures) throw new Error(`measured.md has no figure "${title}"`);
    return figures;
  };
  const [mine, base] = [of(strategy), other === undefined ? undefined : of(other)];
  const anchor = anchorOf(placeTitle(place.load, place.workMs));
  return { text: cellFigure(what as CellFigure, mine, base), anchor };
}

type CellFigure = 'throughput' | 'p99' | 'conflicts' | 'loss';

function cellFigure(what: CellFigure, mine: Figures, base: Figures | undefined): string {
  switch (what) {
    case 'throughput':
      return base ? times(mine.opsPerSecond / base.opsPerSecond) : `${count(mine.opsPerSecond)}/s`;
    case 'p99':
      return base ? times(mine.p99 / base.p99) : ms(mine.p99);
    case 'conflicts':
      return percent(mine.conflicts);
    case 'loss':
      return `${count(mine.lost)} of ${count(mine.acknowledged)}`;
  }
}

function crossingFigure(crossing: Crossing | undefined, title: string): string {
  if (!crossing) throw new Error(`measured.md has no figure "${title}"`);
  const { at } = crossing;
  return at === undefined || at === null ? `nowhere (${OPTIMISTIC} or locks are ahead throughout)` : percent(at);
}
