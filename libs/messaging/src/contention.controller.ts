import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import type { ContentionBody, ContentionHealth } from './contention-body.js';
import type { ContentionKeyBody } from './contention-of-service.js';
import { Messaging } from './messaging.js';

/** Says how much this service's writes lose to each other, all instances together. */
@Controller()
export class ContentionController {
  constructor(@Inject(Messaging) private readonly messaging: Messaging) {}

  @Get('contention')
  @Header('cache-control', 'no-store')
  contention(): Promise<ContentionBody> {
    return this.messaging.contention.all();
  }

  /** How one key is taken, and what was decided about it. */
  @Get('contention/keys/:entity/:key')
  @Header('cache-control', 'no-store')
  key(@Param('entity') entity: string, @Param('key') key: string): Promise<ContentionKeyBody> {
    return this.messaging.contention.ofKey(entity, key);
  }

  /** Always 200: taking a contended instance away would leave its load to the others, which fight for the same rows. */
  @Get('health/contention')
  @Header('cache-control', 'no-store')
  async health(): Promise<ContentionHealth> {
    const { status, attempts, ratio } = await this.messaging.contention.all();
    return { status, attempts, ratio };
  }
}
