import { drawingOf } from '../lanes/drawing.js';
import { lanesAt } from '../lanes/moment.js';
import { svgOf } from '../lanes/svg.js';
import { wholeTimeText } from '../ui/time-text.js';
import type { Incident } from './incident.js';

/** The lanes of an order as a file, as of the moment that is shown. */
export function pictureOf({ order, lanes, at }: Pick<Incident, 'order' | 'lanes' | 'at'>): string {
  const moment = at === undefined ? '' : `, as of ${wholeTimeText(at, 'utc')}`;
  const drawing = drawingOf(lanesAt(lanes, at), { foldPauses: true, showRepeated: false, whole: lanes });
  return svgOf(drawing, `Order ${order.id}: ${order.status}${moment}`);
}
