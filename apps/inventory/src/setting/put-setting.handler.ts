import type { SettingName, SettingSet } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import {
  insert,
  lastWriterWins,
  one,
  update,
  type Change,
  type DecideContext,
  type EditHandler,
  type EditRequest,
  type LoadedNeeds,
} from '@backstep/unit-of-work';
import { Setting } from './setting.entity.js';

export interface PutSettingRequest extends EditRequest<{ readonly value: string }> {
  readonly name: SettingName;
}

const needs = ({ name }: PutSettingRequest) => ({ setting: one(Setting, name) });

/** Sets a text of the shop. Whoever sets it last is right, and is told what went. */
export class PutSettingHandler implements EditHandler<PutSettingRequest, SettingSet, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'setting';
  readonly onStale = lastWriterWins();

  decide(
    { name, edit: { value }, overwrites }: PutSettingRequest,
    { setting }: LoadedNeeds<ReturnType<typeof needs>>,
    { now }: DecideContext,
  ): { answer: SettingSet; changes: Change[] } {
    const setAt = new Date(now);
    const version = (setting?.version ?? 0) + 1;
    return {
      answer: { name, value, setAt: setAt.toISOString(), version, overwrote: overwrites ?? null },
      changes: [setting ? update(Setting, setting, { value, setAt }) : insert(Setting, { name, value, setAt })],
    };
  }
}

/** The same with one effect for one key, where the client sends one. */
export const putSettingOnce = idempotent(new PutSettingHandler(), { operation: 'putSetting' });
