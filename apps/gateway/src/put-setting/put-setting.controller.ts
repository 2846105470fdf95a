import { Controller, Inject, Res } from '@nestjs/common';
import { PutSettingRequest, SettingName, SettingSet } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { conditionsOf, tellChanged } from '../api/change.js';
import { ETAG, IfMatch } from '../api/etag.js';
import { IDEMPOTENCY_REPLAYED, keyForEach } from '../api/idempotency.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { SetSetting, toSetting } from '../representations/setting.js';
import { Services } from '../services/services.js';

const answer = {
  content: { 'application/json': SetSetting },
  headers: { ETag: ETAG, ...IDEMPOTENCY_REPLAYED },
  links: { setting: { operationId: 'readSetting', parameters: { name: '$response.body#/name' } } },
};

export const putSetting = operation({
  id: 'putSetting',
  operator: true,
  method: 'PUT',
  path: PATHS.setting,
  tag: 'Settings',
  summary: 'Set what the shop tells its customers',
  description:
    'The last writer wins, in the order in which the database commits. `overwrote` says which version went although If-Match did not name it; ' +
    'no version is refused.',
  params: { name: SettingName },
  headers: {
    'If-Match': IfMatch.optional().meta({ description: 'The ETag of the text that this one is to replace' }),
    'Idempotency-Key': keyForEach('change'),
  },
  body: PutSettingRequest,
  answers: {
    200: { description: 'The text is set', ...answer },
    201: {
      description: 'The text is set for the first time',
      ...answer,
      headers: { ...answer.headers, Location: 'Where it is read' },
    },
  },
  problems: [PROBLEMS.idempotencyKeyReused, PROBLEMS.contended, PROBLEMS.unavailable],
});

@Controller()
export class PutSettingController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(putSetting)
  async put(
    @Input(putSetting) { params: { name }, headers, body, context }: InputOf<typeof putSetting>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SetSetting> {
    const answer = await this.services.inventory.request(context, {
      answer: SettingSet,
      method: 'PUT',
      path: `/settings/${name}`,
      headers: conditionsOf(headers),
      body,
    });
    const setting = toSetting(answer.body);
    // The tag of what is read: `overwrote` tells of this request.
    tellChanged(answer, setting, reply);
    return { ...setting, overwrote: answer.body.overwrote };
  }
}
