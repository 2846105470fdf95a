import { CatchBoundary } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Button } from '../ui/button.js';
import { Skeleton } from '../ui/notices.js';
import { Broken } from './dead-ends.js';
import styles from './inspector.module.css';
import { useKeys } from './keys.js';
import { useInspector } from './use-inspector.js';

const BUTTON = 'inspector-button';
/** What it shows is loaded when it is first shown. */
const Inspected = lazy(async () => ({ default: (await import('../inspector/inspected.js')).Inspected }));

/** Shows the inspector, or the panel that is the page's own; or not. */
export function InspectorButton() {
  const { side, isShown, toggle } = useInspector();
  useKeys({ i: () => toggle() });
  return (
    <Button
      id={BUTTON}
      shortcut="i"
      pressed={isShown}
      disabled={side === 'none'}
      title={side === 'none' ? 'Nothing is selected on this page' : undefined}
      onClick={toggle}
    >
      <span aria-hidden="true">◨</span>
      <span className={styles['word']}>Inspector</span>
    </Button>
  );
}

/** What is selected in a list, beside it; below it where the window is narrow, so that it never covers the list. */
export function InspectorSide() {
  const { side, isShown, selected, toggle } = useInspector();
  if (side !== 'list' || !isShown) return null;
  const close = (): void => {
    toggle();
    // The button that is left: what had the focus is gone.
    document.getElementById(BUTTON)?.focus();
  };
  return (
    <aside className={styles['side']} aria-label="Inspector" tabIndex={0}>
      <Button className={styles['close'] ?? ''} onClick={close}>
        Close<span className="unseen"> the inspector</span>
      </Button>
      {/* What goes wrong in it is said in it, and the page goes on. */}
      <CatchBoundary getResetKey={() => JSON.stringify(selected ?? null)} errorComponent={Broken}>
        <Suspense fallback={<Skeleton rows={4} />}>
          <Inspected selected={selected} />
        </Suspense>
      </CatchBoundary>
    </aside>
  );
}
