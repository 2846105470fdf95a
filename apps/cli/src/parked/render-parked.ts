import type { ParkedMessage } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';

/** A line of an error is a hint; all of it is in `--json`. */
const ERROR_CHARACTERS = 80;

/** Parked messages as a table, each with where it lies in Kafka. */
export const parkedText = (messages: readonly ParkedMessage[], paint: Paint = plain): string =>
  messages.length === 0
    ? 'Nothing is parked.'
    : table<ParkedMessage>(
        [
          { title: 'Message', cell: ({ id }) => id },
          { title: 'Service', cell: ({ service }) => service },
          { title: 'State', cell: ({ state }) => paintStatus(paint, state) },
          { title: 'Type', cell: ({ type }) => type ?? '?' },
          { title: 'Key', cell: ({ key }) => key },
          { title: 'In Kafka', cell: ({ topic, partition, offset }) => `${topic}/${partition}@${offset}` },
          { title: 'Tries', align: 'right', cell: ({ attempts }) => String(attempts) },
          { title: 'Cause', cell: ({ cause }) => cause },
          { title: 'Error', cell: ({ error }) => (error.split('\n', 1)[0] ?? '').slice(0, ERROR_CHARACTERS) },
        ],
        messages,
        paint,
      );
