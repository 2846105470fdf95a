import { plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import type { Reading } from './watched.js';

const PREFIX = /^backstep_/;

const labelsText = ({ labels }: Reading): string => Object.values(labels).filter(Boolean).join(' ');

/** Readings as a table; what a person should look at now is red. */
export const metricsText = (readings: readonly Reading[], paint: Paint = plain): string =>
  readings.length === 0
    ? 'There are none.'
    : table<Reading>(
        [
          { title: 'Service', cell: ({ service }) => service },
          { title: 'backstep_…', cell: ({ metric }) => metric.replace(PREFIX, '') },
          { title: 'Of', cell: labelsText },
          { title: 'Value', align: 'right', cell: ({ look, text }) => (look ? paint('red', text) : text) },
          {
            title: 'Look when',
            cell: ({ look, lookWhen }) => (look ? paint('red', `${lookWhen}: now`) : paint('dim', lookWhen)),
          },
        ],
        readings,
        paint,
      );
