import { Controller, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isNamedBy } from '../api/etag.js';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { OrderLog } from '../order-events/order-log.js';
import type { Evidence } from '../representations/evidence.js';
import { Services } from '../services/services.js';
import { evidenceTag } from './evidence-tag.js';
import { gatherEvidence } from './gather-evidence.js';
import { readEvidence } from './read-evidence.js';

@Controller()
export class ReadEvidenceController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(OrderLog) private readonly log: OrderLog,
  ) {}

  @Route(readEvidence)
  async read(
    @Input(readEvidence) { params, headers, context }: InputOf<typeof readEvidence>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Evidence | undefined> {
    // In the spelling of Kafka's keys.
    const evidence = await gatherEvidence(
      { services: this.services, log: this.log },
      context,
      params.orderId.toLowerCase(),
    );
    const tag = evidenceTag(evidence);
    void reply.header('etag', tag);
    if (!isNamedBy(headers['If-None-Match'], tag)) return evidence;
    void reply.status(HttpStatus.NOT_MODIFIED);
    return undefined;
  }
}
