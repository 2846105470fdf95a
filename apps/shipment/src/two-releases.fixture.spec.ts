import { Version } from '@backstep/concurrency';
import { command, event, newId, type Message } from '@backstep/messages';
import { CreateShipment, OrderConfirmed, OrderId, OrderPlaced, ShipmentCreated } from '@backstep/contracts';
import { Handles, insert, one, reply, update, type Change, type Loaded } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { z } from 'zod';

/* Two releases of a service that writes down, for each order, what it has heard (no spec itself). */

export const OrderPlacedV2 = event('order', 'OrderPlaced', {
  version: 2,
  key: 'orderId',
  summary: 'A customer placed an order, and says what is written on the card that comes with it.',
  data: OrderPlaced.schema.extend({ card: z.string().max(200) }),
});
/** A type that the new writer alone has. */
export const OrderPraised = event('order', 'OrderPraised', {
  key: 'orderId',
  summary: 'The customer is content.',
  data: z.object({ orderId: OrderId }),
});
export const CreateShipmentV2 = command('shipment', 'CreateShipment', {
  version: 2,
  key: 'orderId',
  summary: 'Hand the parcel to this carrier.',
  data: CreateShipment.schema.extend({ carrier: z.string() }),
});

/** What a command of version 2 is answered with. */
const ShipmentCreatedV2 = event('shipment', 'ShipmentCreated', {
  version: 2,
  key: 'orderId',
  summary: 'This carrier took the order.',
  data: ShipmentCreated.schema.extend({ carrier: z.string() }),
});

@Entity('story')
export class Story {
  @PrimaryColumn('uuid', { name: 'order_id' }) orderId!: string;
  @Column('text') heard!: string;
  @Version() version!: number;
}

export class Stories1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE story (order_id uuid PRIMARY KEY, heard text NOT NULL, version integer NOT NULL)');
  }
  async down(): Promise<void> {}
}

const noted = (orderId: string, story: Story | undefined, what: string): Change =>
  story ? update(Story, story, { heard: `${story.heard}, ${what}` }) : insert(Story, { orderId, heard: what });

@Handles(OrderPlaced)
class PlacedHandler {
  needs({ data }: Message<typeof OrderPlaced>) {
    return { story: one(Story, data.orderId) };
  }
  decide({ data }: Message<typeof OrderPlaced>, { story }: Loaded<PlacedHandler>): Change[] {
    return [noted(data.orderId, story, 'placed')];
  }
}

@Handles(OrderPlaced, OrderPlacedV2)
class PlacedInBothVersionsHandler {
  needs({ data }: Message<typeof OrderPlaced | typeof OrderPlacedV2>) {
    return { story: one(Story, data.orderId) };
  }
  decide(
    { data }: Message<typeof OrderPlaced | typeof OrderPlacedV2>,
    { story }: Loaded<PlacedInBothVersionsHandler>,
  ): Change[] {
    return [noted(data.orderId, story, 'card' in data ? `placed with "${data.card}"` : 'placed')];
  }
}

@Handles(OrderConfirmed)
class ConfirmedHandler {
  needs({ data }: Message<typeof OrderConfirmed>) {
    return { story: one(Story, data.orderId) };
  }
  decide({ data }: Message<typeof OrderConfirmed>, { story }: Loaded<ConfirmedHandler>): Change[] {
    return [noted(data.orderId, story, 'confirmed')];
  }
}

@Handles(CreateShipment)
class ShipHandler {
  needs({ data }: Message<typeof CreateShipment>) {
    return { story: one(Story, data.orderId) };
  }
  decide(order: Message<typeof CreateShipment>, { story }: Loaded<ShipHandler>): Change[] {
    return [noted(order.data.orderId, story, 'shipped'), shipped(order)];
  }
}

@Handles(CreateShipment, CreateShipmentV2)
class ShipInBothVersionsHandler {
  needs({ data }: Message<typeof CreateShipment | typeof CreateShipmentV2>) {
    return { story: one(Story, data.orderId) };
  }
  decide(
    order: Message<typeof CreateShipment | typeof CreateShipmentV2>,
    { story }: Loaded<ShipInBothVersionsHandler>,
  ): Change[] {
    const { data } = order;
    if (!('carrier' in data)) return [noted(data.orderId, story, 'shipped'), shipped(order)];
    const { orderId, carrier } = data;
    const answer = { orderId, shipmentId: newId(), trackingNumber: 'T2', carrier };
    return [noted(orderId, story, `shipped by ${carrier}`), reply(order, ShipmentCreatedV2, answer)];
  }
}

const shipped = (order: Message) => {
  const { orderId } = order.data as { orderId: string };
  return reply(order, ShipmentCreated, { orderId, shipmentId: newId(), trackingNumber: 'T1' });
};

/** Releases without and with the version 2 of what they read. */
export const OLD = [PlacedHandler, ConfirmedHandler, ShipHandler];
export const NEW = [PlacedInBothVersionsHandler, ConfirmedHandler, ShipInBothVersionsHandler];
