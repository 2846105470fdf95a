import type { Order } from '../api/types.js';
import { awaitedBy } from '../sagas/work-list.js';
import { useSettings } from '../shell/settings.js';
import { safeText } from '../ui/safe-text.js';
import { useNow } from '../ui/time.js';
import { spanText, wholeTimeText } from '../ui/time-text.js';
import { hasSagaEnded } from './dots.js';
import { type KnownSaga, seenOrder } from './known-sagas.js';

/** The step that the saga of an order waits for, and since when; or why the order has ended as it has. */
export function WaitsFor({ order, known }: { readonly order: Order; readonly known: KnownSaga | undefined }) {
  const saga = known?.saga;
  if (saga && !hasSagaEnded(saga)) {
    const { awaiting, blockedBecause } = saga;
    return (
      <>
        {safeText(awaitedBy(saga))}
        {awaiting && awaiting.attempts > 1 && <span className="muted"> ×{awaiting.attempts}</span>}
        {awaiting && <Since at={Date.parse(awaiting.since)} />}
        {blockedBecause !== null && <span className="muted"> {safeText(blockedBecause)}</span>}
      </>
    );
  }
  const { failure, change } = order;
  if (failure) return <span className="muted">{safeText(failure.code)}</span>;
  if (change) return <span className="muted">{safeText(change.kind)} is at work</span>;
  if (saga || !seenOrder(order).isUnderWay) return null;
  return <span className="muted">{known ? 'no saga yet' : 'not known yet'}</span>;
}

/** For how long: the moment itself is in its title. */
function Since({ at }: { readonly at: number }) {
  const { clock } = useSettings();
  const waited = Math.max(useNow() - at, 0);
  return (
    <time dateTime={new Date(at).toISOString()} title={`since ${wholeTimeText(at, clock)}`} className="muted">
      {waited < 1_000 ? ', just now' : `, for ${spanText(waited)}`}
    </time>
  );
}
