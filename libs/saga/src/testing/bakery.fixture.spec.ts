import {
  catalogue,
  command,
  event,
  message,
  newId,
  type DataOf,
  type GivenMetadata,
  type Message,
} from '@backstep/messages';
import { z } from 'zod';
import { compensatable, minutes, pivot, retriable, saga, seconds } from '../index.js';

/**
 * The domain of the library's specs (no spec itself): a bakery. The counter takes a guest's wish, the kitchen bakes, the studio decorates,
 * the van delivers. Every message is about one cake.
 */
const CakeId = z.uuid();
const about = { key: 'cakeId', summary: 'For the bakery.' } as const;
const aboutACake = { ...about, data: z.object({ cakeId: CakeId }) };

export const CakeWished = event('counter', 'CakeWished', {
  ...about,
  data: z.object({
    cakeId: CakeId,
    layers: z.int().min(1).max(9),
    topping: z.string(),
    street: z.string(),
  }),
});

export const WishWithdrawn = event('counter', 'WishWithdrawn', {
  ...about,
  data: z.object({ cakeId: CakeId, why: z.string() }),
});

export const BakeCake = command('kitchen', 'BakeCake', {
  ...about,
  data: z.object({ cakeId: CakeId, layers: z.int().min(1) }),
});
export const CakeBaked = event('kitchen', 'CakeBaked', aboutACake);
export const CakeBurnt = event('kitchen', 'CakeBurnt', {
  ...about,
  data: z.object({ cakeId: CakeId, reason: z.enum(['oven', 'baker']), layers: z.array(z.int()) }),
});
export const BinCake = command('kitchen', 'BinCake', aboutACake);
export const CakeBinned = event('kitchen', 'CakeBinned', aboutACake);

export const DecorateCake = command('studio', 'DecorateCake', {
  ...about,
  data: z.object({ cakeId: CakeId, icing: z.string() }),
});
export const CakeDecorated = event('studio', 'CakeDecorated', {
  ...about,
  data: z.object({ cakeId: CakeId, artist: z.string() }),
});
export const DecorationRefused = event('studio', 'DecorationRefused', {
  ...about,
  data: z.object({ cakeId: CakeId, reason: z.string() }),
});
export const ScrapeCake = command('studio', 'ScrapeCake', aboutACake);
export const CakeScraped = event('studio', 'CakeScraped', aboutACake);

export const DeliverCake = command('van', 'DeliverCake', {
  ...about,
  data: z.object({ cakeId: CakeId, street: z.string() }),
});
export const CakeDelivered = event('van', 'CakeDelivered', aboutACake);
export const DeliveryRefused = event('van', 'DeliveryRefused', {
  ...about,
  data: z.object({ cakeId: CakeId, reason: z.string() }),
});

export const ServeCake = command('counter', 'ServeCake', aboutACake);
export const CakeServed = event('counter', 'CakeServed', aboutACake);
export const DeclineCake = command('counter', 'DeclineCake', {
  ...about,
  data: z.object({ cakeId: CakeId, failure: z.object({ code: z.string(), message: z.string() }) }),
});
export const CakeDeclined = event('counter', 'CakeDeclined', aboutACake);

export const BAKERY = catalogue([
  ...[CakeWished, WishWithdrawn, BakeCake, CakeBaked, CakeBurnt, BinCake, CakeBinned],
  ...[DecorateCake, CakeDecorated, DecorationRefused, ScrapeCake, CakeScraped],
  ...[DeliverCake, CakeDelivered, DeliveryRefused, ServeCake, CakeServed, DeclineCake, CakeDeclined],
]);

/** A valid wish. */
export const aCake = (changes: Partial<DataOf<typeof CakeWished>> = {}): DataOf<typeof CakeWished> => ({
  cakeId: newId(),
  layers: 2,
  topping: 'cherries',
  street: 'Mill Lane',
  ...changes,
});

/** The event that starts every saga of the bakery. */
export const wished = (
  changes: Partial<DataOf<typeof CakeWished>> = {},
  metadata: Partial<GivenMetadata> = {},
): Message<typeof CakeWished> => message(CakeWished, aCake(changes), { source: 'counter', ...metadata });

/** The shortest saga with a way back: baked, then served. */
export const bakeAndServe = (version: number) =>
  saga('bake-and-serve').startsOn(CakeWished, {
    version,
    deadline: minutes(10),
    steps: [
      compensatable('bake', {
        send: BakeCake,
        done: CakeBaked,
        undo: BinCake,
        undone: CakeBinned,
        timeout: seconds(10),
      }),
      retriable('serve', { send: ServeCake, done: CakeServed }),
    ],
  });

/** A step of each kind, and `whenUndone`. Each command is sent twice at most. */
export const deliverCake = saga('deliver-cake', { failures: ['road_closed'] }).startsOn(CakeWished, {
  version: 1,
  deadline: minutes(10),
  steps: [
    compensatable('bake', {
      send: BakeCake,
      done: CakeBaked,
      undo: BinCake,
      undone: CakeBinned,
      timeout: seconds(10),
      undoRetry: { attempts: 2 },
    }),
    compensatable('decorate', {
      send: DecorateCake,
      done: CakeDecorated,
      undo: ScrapeCake,
      undone: CakeScraped,
      timeout: seconds(30),
      undoRetry: { attempts: 2 },
      with: ({ cakeId, topping }) => ({ cakeId, icing: topping }),
    }),
    pivot('deliver', {
      send: DeliverCake,
      done: CakeDelivered,
      refused: DeliveryRefused,
      failure: ({ reason }) => ({ code: 'road_closed', message: reason }),
      retry: { attempts: 2 },
    }),
    retriable('serve', { send: ServeCake, done: CakeServed, retry: { attempts: 2 } }),
  ],
  whenUndone: retriable('decline', {
    send: DeclineCake,
    done: CakeDeclined,
    retry: { attempts: 2 },
    with: ({ cakeId }, { failure }) => ({ cakeId, failure }),
  }),
});
