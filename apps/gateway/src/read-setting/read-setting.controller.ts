import { Controller, Inject, Res } from '@nestjs/common';
import { SettingName, SettingView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Setting, toSetting } from '../representations/setting.js';
import { Services } from '../services/services.js';

export const readSetting = operation({
  id: 'readSetting',
  method: 'GET',
  path: PATHS.setting,
  tag: 'Settings',
  summary: 'Read what the shop tells its customers',
  params: { name: SettingName },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The text, as it was set last',
      content: { 'application/json': Setting },
      headers: { ETag: ETAG },
      links: {
        set: {
          operationId: 'putSetting',
          parameters: { name: '$response.body#/name', 'If-Match': '$response.header.ETag' },
        },
      },
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadSettingController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readSetting)
  async read(
    @Input(readSetting) { params: { name }, headers, context }: InputOf<typeof readSetting>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Setting | undefined> {
    const setting = toSetting(await this.services.inventory.get(context, `/settings/${name}`, SettingView));
    return isNotModified(reply, setting, headers['If-None-Match']) ? undefined : setting;
  }
}
