import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../ui/button.js';
import styles from './operate.module.css';

/** The steps of every action: what it is to be, what it would do, and the word that does it. */
export const STEPS = ['what', 'dry run', 'confirm'] as const;
/** `done`: it was sent, and the sheet says what is known of it. */
export type Step = (typeof STEPS)[number] | 'done';

interface Props {
  readonly title: ReactNode;
  readonly step: Step;
  readonly children: ReactNode;
  /** The buttons at its foot, the one that goes on last. */
  readonly actions: ReactNode;
  readonly close: () => void;
  /** What the step shows is on its way: the focus moves when it is there. */
  readonly isBusy?: boolean;
}

/**
 * A sheet beside the page, for an action of an operator:
 *
 *     <Sheet title="Repair saga …5820" step={step} close={close} actions={<Button onClick={next}>Dry run</Button>}>
 *       <CommandsList commands={dryRun.commands} />
 *     </Sheet>
 *
 * The step `confirm` is made by `confirmStep`: keep its value (`Confirmation`) beside the step. Send what was seen: the version of the dry run as
 * `If-Match`, and one Idempotency-Key for as long as the sheet is at `confirm`, so that a second try after a lost answer is the same request.
 * `data-autofocus` marks what has the focus when a step begins.
 */
export function Sheet({ title, step, children, actions, close, isBusy = false }: Props) {
  const content = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone with its step: the focus goes to what the new one is for, or to its text.
  useEffect(() => {
    const wanted = content.current?.parentElement?.querySelector<HTMLElement>('[data-autofocus]:not(:disabled)');
    (wanted ?? content.current)?.focus();
  }, [step, isBusy]);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['sheet']} initialFocus={false}>
          <header className={styles['head']}>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close render={<Button />}>Close</Dialog.Close>
          </header>
          <ol className={styles['steps']} aria-label="Steps">
            {STEPS.map((one, index) => (
              <li key={one} aria-current={one === step ? 'step' : undefined}>
                {index + 1} {one}
              </li>
            ))}
          </ol>
          <div
            ref={content}
            className={styles['content']}
            tabIndex={0}
            role="region"
            aria-label={step}
            aria-busy={isBusy}
          >
            {children}
          </div>
          <footer className={styles['actions']}>{actions}</footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
