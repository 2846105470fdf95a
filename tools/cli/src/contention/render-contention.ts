import type { Contention } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { reasonText } from './reason.js';

type Service = Contention['services'][number];
type Line = Service['entities'][number] & Pick<Service, 'service'>;
type HotKey = Service['hottest'][number] & Pick<Service, 'service'>;

const KEY_CHARACTERS = 40;
const MS_PER_SECOND = 1_000;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const COLOURS = { idle: 'dim', normal: 'green', elevated: 'yellow', high: 'red' } as const;

/** A line for each service, then for each entity that was written, then for each key that conflicts. */
export function contentionText({ services }: Contention, paint: Paint = plain): string {
  const lines = services.flatMap(({ service, entities }) => entities.map((of): Line => ({ service, ...of })));
  const keys = services.flatMap(({ service, hottest }) => hottest.map((hot): HotKey => ({ service, ...hot })));
  const parts = [
    table<Service>(
      [
        { title: 'Service', cell: ({ service }) => service },
        { title: 'Contention', cell: ({ status }) => paint(COLOURS[status], status) },
        { title: 'Attempts', align: 'right', cell: ({ attempts }) => String(attempts) },
        { title: 'Lost', align: 'right', cell: ({ ratio }) => percent(ratio) },
        { title: 'Instances', align: 'right', cell: ({ instances }) => String(instances) },
      ],
      services,
      paint,
    ),
  ];
  if (lines.length > 0) {
    parts.push(
      table<Line>(
        [
          { title: 'Entity', cell: ({ service, entity }) => `${service} ${entity}` },
          { title: 'Class', cell: (of) => of.class },
          { title: 'Attempts', align: 'right', cell: ({ attempts }) => String(attempts) },
          { title: 'Lost', align: 'right', cell: ({ ratio }) => percent(ratio) },
          { title: 'Lost in 5 s', align: 'right', cell: ({ burstRatio }) => percent(burstRatio) },
          { title: 'Deadlocks', align: 'right', cell: ({ deadlocks }) => String(deadlocks) },
          { title: 'Reads with locks', align: 'right', cell: ({ lockWaitMs }) => `${Math.round(lockWaitMs)} ms` },
        ],
        lines,
        paint,
      ),
    );
  }
  if (keys.length > 0) {
    parts.push(
      table<HotKey>(
        [
          { title: 'Key', cell: ({ service, entity, key }) => `${service} ${entity} ${key.slice(0, KEY_CHARACTERS)}` },
          { title: 'Taken', cell: ({ strategy }) => strategy },
          { title: 'For', align: 'right', cell: ({ forMs }) => `${Math.round(forMs / MS_PER_SECOND)} s` },
          { title: 'Lost', align: 'right', cell: ({ share }) => (share === null ? '' : percent(share)) },
          { title: 'Because', cell: ({ why }) => (why ? reasonText(why) : '') },
        ],
        keys,
        paint,
      ),
    );
  }
  return parts.join('\n\n');
}
