import { Body, Controller, Get, Headers, HttpStatus, Inject, Param, Put, Res } from '@nestjs/common';
import { PutSettingRequest, SettingName, type SettingSet, type SettingView } from '@backstep/contracts/http';
import { idempotencyKeyIn, keyed, tellChanged } from '@backstep/idempotency';
import { Database } from '@backstep/messaging';
import { ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { putSettingOnce } from './put-setting.handler.js';

const SELECT = `
  /* settings.read */
  SELECT name, value, to_char(set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "setAt",
         version::float8 AS version
  FROM setting WHERE name = $1`;

@Controller('settings')
export class SettingsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get(':name')
  async read(@Param('name', zod(SettingName)) name: SettingName): Promise<SettingView> {
    const { rows } = await this.database.pool.query<SettingView>(SELECT, [name]);
    if (!rows[0]) throw new ProblemError(PROBLEMS.notFound, { detail: `${name} is not set.` });
    return rows[0];
  }

  @Put(':name')
  async put(
    @Param('name', zod(SettingName)) name: SettingName,
    @Body(zod(PutSettingRequest)) edit: z.output<typeof PutSettingRequest>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingSet> {
    const key = idempotencyKeyIn(headers);
    const request = { name, basis: versionOf(headers['if-match']), edit };
    const { answer: setting, replayed } = await this.unitOfWork.request(putSettingOnce, keyed(key, request, request));
    tellChanged(reply, setting.version, replayed);
    void reply.status(setting.version === 1 ? HttpStatus.CREATED : HttpStatus.OK);
    return setting;
  }
}
