import { Dialog } from '@base-ui/react/dialog';
import { Button } from '../ui/button.js';
import styles from './dialog.module.css';
import { API, PAGES } from './pages.js';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Ctrl K', 'search, or paste an id'],
  ...[...PAGES, API].map(({ key, leadsTo }) => [`g ${key}`, `to ${leadsTo}`] as const),
  ['Ctrl Enter', 'place the order, in the playground'],
  ['j k', 'next row, previous row'],
  ['Enter', 'open the row; of an order’s lanes, what is drawn as one'],
  ['i', 'the inspector: what is selected, beside the list; or not'],
  ['Esc', 'back; let go of the selection'],
  ['← →', 'the message before, the message after, by cause'],
  ['↑ ↓', 'the lane above, the lane below'],
  [', .', 'a message earlier, a message later: what came after is left out'],
  ['0', 'all of it again'],
  ['p', 'play what happened to the order, from the moment that is shown; pause'],
  ['z', 'all folded; once more: pauses as long as they were'],
  ['d', 'repeated records shown, or not'],
  ['/', 'say what to look for, and from when'],
  ['t', 'messages from a time on'],
  ['o', 'messages from an offset on'],
  ['f', 'follow: what comes is shown as it comes; the latest of an order stays in sight'],
  ['Space', 'hold what is followed, and count what comes'],
  ['[ ]', 'the order, or the saga, before and after it in its list; the message before and after it in its partition'],
  ['w', 'another window of contention: how far back it looks'],
  ['r s b a', 'dry run of retry, skip, compensate (back), abandon, of the saga of the row'],
  ['x', 'choose the saga, or the parked message, of the row, for an action on several; compare the order of the row'],
  ['s', 'swap the two orders that are compared'],
  ['n', 'show what is new'],
  ['r d', 'dry run of replay, discard, of the parked message of the row, or of those chosen'],
  ['Shift Esc', 'heal all faults, in the lab'],
  ['y', 'copy the link to what is shown'],
  ['c', 'copy the same for the terminal'],
  ['?', 'this list'],
];

interface Props {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function KeysHelp({ isOpen, onOpenChange }: Props) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Trigger render={<Button shortcut="?" />}>Keys</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']}>
          <div className={styles['head']}>
            <Dialog.Title>Keys</Dialog.Title>
            <Dialog.Close render={<Button />}>Close</Dialog.Close>
          </div>
          <dl className={styles['keys']}>
            {KEYS.map(([keys, what]) => (
              <div key={keys} className={styles['pair']}>
                <dt>
                  {keys.split(' ').map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
