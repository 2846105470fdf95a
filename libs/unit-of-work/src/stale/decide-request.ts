import {
  changesSince,
  keptOf,
  versionPropertyOf,
  type ChangeMade,
  type KeptChange,
  type Tables,
} from '@backstep/concurrency';
import type { RowChange } from '../changes.js';
import type { DecideContext, Decision, RequestHandler } from '../handler.js';
import type { LoadedNeeds, Needs } from '../needs.js';
import type { Edited, EditHandler, EditRequest } from './edit.js';
import { BasisRequiredError, changeSince, StaleBasisError } from './errors.js';
import type { BasedEdit } from './policy.js';

type AnyEdit = EditRequest<unknown>;

/**
 * Decides a request: calls the handler, after its policy on a stale basis where it declares one. For whoever wraps a handler: with the needs of
 * the handler and the rows that it was given for them.
 * @throws what the handler throws; BasisRequiredError, StaleBasisError
 */
export function decideRequest<I, A, N extends Needs>(
  handler: RequestHandler<I, A, N>,
  input: I,
  needs: N,
  state: LoadedNeeds<N>,
  context: DecideContext,
): Decision<A> {
  if (!('onStale' in handler)) return handler.decide(input, state, context);
  const edits = handler as unknown as EditHandler<AnyEdit, A, N>;
  return decideEdit(edits, input as AnyEdit, needs, state, context);
}

function decideEdit<A, N extends Needs>(
  handler: EditHandler<AnyEdit, A, N>,
  input: AnyEdit,
  needs: N,
  state: LoadedNeeds<N>,
  context: DecideContext,
): Decision<A> {
  const need = needs[handler.edits as string];
  if (need?.kind !== 'one') throw new Error(`${handler.constructor.name} edits ${handler.edits}: none of its needs`);
  const { entity, key } = need;
  if (handler.onStale.needsLog === true && keptOf(entity) === undefined)
    throw new Error(`${handler.constructor.name} goes by the change log of ${entity.name}, which has no @Kept()`);
  const row = state[handler.edits] as BasedEdit<unknown>['row'];
  const version = row?.[versionPropertyOf(entity)] as number | undefined;
  const { edit: yours, basis, by } = input;
  const log = row?.[keptOf(entity)?.property ?? ''] as readonly KeptChange[] | undefined;
  const changes = basis === undefined || version === undefined ? undefined : changesSince(log, basis, version);
  const verdict = handler.onStale({ edit: yours, basis, row, version, changes });
  if (verdict.verdict === 'basis required') throw new BasisRequiredError(entity.name, key, version ?? 0);
  if (verdict.verdict === 'stale') {
    const current = row === undefined ? undefined : handler.current?.(state);
    const changedSince = changes?.map(changeSince);
    const { clashing } = verdict;
    throw new StaleBasisError({
      entity: entity.name,
      key,
      basis: basis ?? 0,
      version,
      current,
      yours,
      changedSince,
      clashing,
    });
  }
  const { edit, overwrites, ops } = verdict;
  const { answer, changes: decided } = handler.decide({ ...input, edit, overwrites }, state, context);
  return { answer, changes: decided, edited: { entity, key, by, ops } };
}

/** Who made a change, and of which operations, for the change log of its row. */
export function madeBy(
  { entity, row, made }: RowChange,
  context: DecideContext,
  edited: Edited | undefined,
  tables: Tables,
): ChangeMade {
  // A decision's context has the time: no object for each change of a hot row.
  if (edited === undefined) return made === undefined ? context : { now: context.now, by: made.by, ops: made.ops };
  const table = tables.of(entity);
  const isEdited = entity === edited.entity && table.keyOf(row) === table.canonicalKey(edited.key);
  const ops = made?.ops ?? (isEdited ? edited.ops : undefined);
  return { now: context.now, by: made?.by ?? edited.by, ops, edit: isEdited };
}
