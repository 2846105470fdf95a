import type { ParkedMessage } from '../shared/representations.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';

/** A line of an error is a hint; all of it is in `--json`. */
const ERROR_CHARACTERS = 80;

/** An order's id has 36. */
const KEY_CHARACTERS = 40;

const shortened = (key: string): string => (key.length > KEY_CHARACTERS ? `${key.slice(0, KEY_CHARACTERS)}…` : key);

const cutText = (sizeBytes: number | null): string =>
  sizeBytes === null ? 'cut: discard only' : `cut (${sizeBytes} bytes): discard only`;

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
          { title: 'Key', cell: ({ key }) => shortened(key) },
          { title: 'In Kafka', cell: ({ topic, partition, offset }) => `${topic}/${partition}@${offset}` },
          { title: 'Held', align: 'right', cell: ({ held }) => (held === 0 ? '' : String(held)) },
          { title: 'Tries', align: 'right', cell: ({ attempts }) => String(attempts) },
          { title: 'Cause', cell: ({ cause, cut, sizeBytes }) => (cut ? `${cause}, ${cutText(sizeBytes)}` : cause) },
          { title: 'Error', cell: ({ error }) => (error.split('\n', 1)[0] ?? '').slice(0, ERROR_CHARACTERS) },
        ],
        messages,
        paint,
      );
