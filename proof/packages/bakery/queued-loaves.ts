import { httpAnswer, lane, type Lane } from '@backstep/lanes';
import { InjectLane } from '@backstep/lanes/nest';
import { Body, Controller, Get, NotFoundException, Param, Post } from '@nestjs/common';
import { OrderLoafHandler } from './handlers.js';

/** Loaves that are ordered through a queue, with the handler of those that are ordered directly. */
export const orders = lane('orders', new OrderLoafHandler());

@Controller('queued-loaves')
export class QueuedLoavesController {
  constructor(@InjectLane(orders) private readonly lane: Lane<{ loafId: string; flavour: string }, boolean>) {}

  @Post()
  async order(@Body() order: { loafId: string; flavour: string }) {
    const entry = await this.lane.enqueue(order, { id: order.loafId });
    return httpAnswer(entry, `/queued-loaves/${entry.id}`);
  }

  @Get(':id')
  async read(@Param('id') id: string) {
    const entry = await this.lane.settled(id, { waitMs: 10_000 });
    if (!entry) throw new NotFoundException();
    return entry;
  }
}
