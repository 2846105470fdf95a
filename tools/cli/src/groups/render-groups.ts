import type { ConsumerGroup, GroupPartition } from '@backstep/kafka';
import { count } from '../shared/count.js';
import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';

/** Groups for people: of each its state, its members and a line for each partition. */
export const groupsText = (groups: readonly ConsumerGroup[], paint: Paint = plain): string =>
  groups.length === 0 ? 'There are none.' : groups.map((group) => groupText(group, paint)).join('\n\n');

function groupText({ id, state, members, partitions }: ConsumerGroup, paint: Paint): string {
  const lag = partitions.reduce((sum, one) => sum + one.lag, 0);
  const numbers = new Map(members.map((member, at) => [member.id, `#${at + 1}`]));
  const head = `${paint('bold', id)}  ${paintState(paint, state)}, ${count(members.length, 'member')}, ${paintLag(paint, lag)} behind`;
  const who = members.map(({ clientId, host, id: memberId }, at) =>
    wrapToScreen(printable(`  #${at + 1}  ${clientId} on ${host.replace(/^\//, '')}  ${paint('dim', memberId)}`), 4),
  );
  const rows = table<GroupPartition>(
    [
      { title: '  Partition', cell: ({ topic, partition }) => `  ${topic}/${partition}` },
      { title: 'Next', align: 'right', cell: ({ committed }) => committed ?? 'none yet' },
      { title: 'End', align: 'right', cell: ({ end }) => end },
      { title: 'Behind', align: 'right', cell: (one) => paintLag(paint, one.lag) },
      { title: 'Read by', cell: ({ memberId }) => (memberId === null ? 'nobody' : (numbers.get(memberId) ?? '?')) },
    ],
    partitions,
    paint,
  );
  return [
    wrapToScreen(printable(head), 2),
    ...who,
    ...(partitions.length > 0 ? [rows] : ['  It has read nothing.']),
  ].join('\n');
}

const paintState = (paint: Paint, state: string): string =>
  paint(state === 'Stable' ? 'green' : state === 'Empty' || state === 'Dead' ? 'red' : 'yellow', state);

const paintLag = (paint: Paint, lag: number): string => (lag === 0 ? '0' : paint('yellow', String(lag)));
