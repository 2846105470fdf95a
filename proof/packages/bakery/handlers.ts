import type { Message } from '@backstep/messages';
import {
  emit,
  Handles,
  insert,
  one,
  reply,
  update,
  type Change,
  type Loaded,
  type RequestHandler,
} from '@backstep/unit-of-work';
import { Loaf } from './loaf.entity.js';
import {
  BakeLoaf,
  DeliverLoaf,
  DeliveryRefused,
  LoafBaked,
  LoafDelivered,
  LoafOrdered,
  LoafThrownAway,
  ThrowLoafAway,
} from './messages.js';

interface Order {
  readonly loafId: string;
  readonly flavour: string;
}

/** An order over HTTP: the row and the event are one write. */
export class OrderLoafHandler implements RequestHandler<Order, boolean> {
  needs({ loafId }: Order) {
    return { loaf: one(Loaf, loafId) };
  }
  decide({ loafId: id, flavour }: Order, { loaf }: Loaded<OrderLoafHandler>): { answer: boolean; changes: Change[] } {
    if (loaf) return { answer: false, changes: [] };
    const ordered = insert(Loaf, { id, flavour, status: 'ORDERED' });
    return { answer: true, changes: [ordered, emit(LoafOrdered, { loafId: id, flavour }, { of: ordered })] };
  }
}

@Handles(BakeLoaf)
export class BakeLoafHandler {
  needs({ data }: Message<typeof BakeLoaf>) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide(command: Message<typeof BakeLoaf>, { loaf }: Loaded<BakeLoafHandler>): Change[] {
    if (!loaf) throw new Error(`nobody ordered ${command.data.loafId}`);
    const baked = update(Loaf, loaf, { status: 'BAKED' });
    return [baked, reply(command, LoafBaked, command.data, { of: baked })];
  }
}

@Handles(ThrowLoafAway)
export class ThrowLoafAwayHandler {
  needs({ data }: Message<typeof ThrowLoafAway>) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide(command: Message<typeof ThrowLoafAway>, { loaf }: Loaded<ThrowLoafAwayHandler>): Change[] {
    const changes = loaf ? [update(Loaf, loaf, { status: 'THROWN_AWAY' })] : [];
    return [...changes, reply(command, LoafThrownAway, command.data)];
  }
}

/** Nobody takes burnt bread. */
@Handles(DeliverLoaf)
export class DeliverLoafHandler {
  needs({ data }: Message<typeof DeliverLoaf>) {
    return { loaf: one(Loaf, data.loafId) };
  }
  decide(command: Message<typeof DeliverLoaf>, { loaf }: Loaded<DeliverLoafHandler>): Change[] {
    if (!loaf || loaf.flavour === 'burnt') return [reply(command, DeliveryRefused, command.data)];
    const delivered = update(Loaf, loaf, { status: 'DELIVERED' });
    return [delivered, reply(command, LoafDelivered, command.data, { of: delivered })];
  }
}
