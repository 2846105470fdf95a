import { zod } from '@backstep/problems';
import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Evidence, EVIDENCE_MAX, type EvidenceBody } from './evidence.js';

const KEY_CHARACTERS_MAX = 512;

const Asked = z.strictObject({
  key: z.string().min(1).max(KEY_CHARACTERS_MAX),
  /** Ids that came from anywhere: any 128 bits, as PostgreSQL takes them. */
  messageIds: z
    .array(z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be a UUID'))
    .max(EVIDENCE_MAX),
});

/** Shows all that this service knows about a key: for operators. A POST, as a thousand ids are too long for a URL. */
@Controller('evidence')
export class EvidenceController {
  constructor(@Inject(Evidence) private readonly evidence: Evidence) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  read(@Body(zod(Asked)) { key, messageIds }: z.output<typeof Asked>): Promise<EvidenceBody> {
    return this.evidence.of(key, messageIds);
  }
}
