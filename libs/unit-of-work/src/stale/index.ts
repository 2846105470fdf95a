export { byPart } from './by-part.js';
export { decideRequest } from './decide-request.js';
export type { Edited, EditHandler, EditRequest, NameOfOne } from './edit.js';
export { BasisRequiredError, StaleBasisError, type ChangeSince, type StaleBasis } from './errors.js';
export { byField, merge, type ByFieldOptions, type Merged, type MergeOptions, type MergeRule } from './merge.js';
export { mergePatch, patched } from './merge-patch.js';
export {
  askUser,
  lastWriterWins,
  reject,
  whenThere,
  type BasedEdit,
  type Clash,
  type StalePolicy,
  type StaleVerdict,
} from './policy.js';
export { rebase, type Rebased, type RebaseRules } from './rebase.js';
