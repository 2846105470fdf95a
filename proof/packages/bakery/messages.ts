import { catalogue, command, event } from '@backstep/messages';
import { z } from 'zod';

const Loaf = z.object({ loafId: z.uuid() });
const about = { key: 'loafId', data: Loaf } as const;

export const LoafOrdered = event('oven', 'LoafOrdered', {
  key: 'loafId',
  summary: 'Somebody wants a loaf.',
  data: Loaf.extend({ flavour: z.string().max(40) }),
});
export const BakeLoaf = command('oven', 'BakeLoaf', { ...about, summary: 'Bake it.' });
export const LoafBaked = event('oven', 'LoafBaked', { ...about, summary: 'It is baked.' });
export const ThrowLoafAway = command('oven', 'ThrowLoafAway', { ...about, summary: 'Nobody will have it.' });
export const LoafThrownAway = event('oven', 'LoafThrownAway', { ...about, summary: 'It is gone.' });
export const DeliverLoaf = command('oven', 'DeliverLoaf', { ...about, summary: 'Take it to its customer.' });
export const LoafDelivered = event('oven', 'LoafDelivered', { ...about, summary: 'Its customer has it.' });
export const DeliveryRefused = event('oven', 'DeliveryRefused', { ...about, summary: 'No courier takes it.' });

export const CATALOGUE = catalogue([
  LoafOrdered,
  BakeLoaf,
  LoafBaked,
  ThrowLoafAway,
  LoafThrownAway,
  DeliverLoaf,
  LoafDelivered,
  DeliveryRefused,
]);
