import { freeText } from '@backstep/messages';
import { z } from 'zod';
import { Time, Version } from './fields.js';

/** What the shop tells its customers, beside its products. */
export const SettingName = z.enum(['notice', 'delivery']).meta({
  description: '`notice`: what stands above the catalogue. `delivery`: how long a delivery takes',
});
export type SettingName = z.infer<typeof SettingName>;

/** `GET /settings/{name}` */
export const SettingView = z.object({
  name: SettingName,
  value: z.string(),
  setAt: Time,
  version: Version,
});
export type SettingView = Readonly<z.infer<typeof SettingView>>;

/** `PUT /settings/{name}` */
export const PutSettingRequest = z
  .strictObject({ value: freeText(500) })
  .meta({ id: 'PutSetting', examples: [{ value: 'We ship again on Monday.' }] });

/** The answer to `PUT /settings/{name}` */
export const SettingSet = SettingView.extend({
  overwrote: z
    .int()
    .min(1)
    .nullable()
    .meta({ description: 'The version that is gone although If-Match did not name it; null: there is none such' }),
});
export type SettingSet = Readonly<z.infer<typeof SettingSet>>;
