import { LANE_ENTITIES, LANE_MIGRATIONS } from '@backstep/lanes';
import { LanesModule } from '@backstep/lanes/nest';
import { NAMED_LOCK_MIGRATIONS } from '@backstep/locks';
import { Database, MessagingModule } from '@backstep/messaging';
import { UNIT_OF_WORK_MIGRATIONS, UnitOfWork } from '@backstep/unit-of-work';
import { Body, Controller, Get, Inject, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { BakeLoafHandler, DeliverLoafHandler, OrderLoafHandler, ThrowLoafAwayHandler } from './handlers.js';
import { Loaf, Loaves1800000000000 } from './loaf.entity.js';
import { CATALOGUE } from './messages.js';
import { orders, QueuedLoavesController } from './queued-loaves.js';
import { settings } from './settings.js';

@Controller('loaves')
class LoavesController {
  private readonly orderLoaf = new OrderLoafHandler();

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Post()
  async order(@Body() order: { loafId: string; flavour: string }) {
    return { ordered: await this.unitOfWork.request(this.orderLoaf, order) };
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<Loaf> {
    const loaf = await this.database.dataSource.getRepository(Loaf).findOneBy({ id });
    if (!loaf) throw new NotFoundException();
    return loaf;
  }
}

@Module({
  imports: [
    MessagingModule.forRoot({
      service: 'oven',
      catalogue: CATALOGUE,
      handlers: [BakeLoafHandler, ThrowLoafAwayHandler, DeliverLoafHandler],
      entities: [Loaf, ...LANE_ENTITIES],
      migrations: [...UNIT_OF_WORK_MIGRATIONS, ...NAMED_LOCK_MIGRATIONS, ...LANE_MIGRATIONS, Loaves1800000000000],
      parkedRoutes: true,
      ...settings(),
    }),
    LanesModule.forRoot({ lanes: [orders] }),
  ],
  controllers: [LoavesController, QueuedLoavesController],
})
export class OvenModule {}
