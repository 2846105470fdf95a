import { SettingSet, SettingView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

const links = z.object({ self: Link });

export const Setting = SettingView.extend({ links }).meta({ id: 'Setting' });
export type Setting = z.infer<typeof Setting>;

export const SetSetting = SettingSet.extend({ links }).meta({ id: 'SettingSet' });
export type SetSetting = z.infer<typeof SetSetting>;

export const toSetting = ({ name, value, setAt, version }: SettingView): Setting => ({
  name,
  value,
  setAt,
  version,
  links: { self: href(PATHS.setting, { name }) },
});
