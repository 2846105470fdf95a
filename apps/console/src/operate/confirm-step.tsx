import type { ReactNode } from 'react';
import { Button } from '../ui/button.js';
import { ConfirmFields } from './confirm-fields.js';
import { type Confirmation, missingFrom } from './confirmation.js';

interface Confirming {
  readonly back: () => void;
  readonly value: Confirmation;
  readonly change: (value: Confirmation) => void;
  /** The id whose end is to be typed; undefined where the action asks for none. */
  readonly typedId: string | undefined;
  /** What it is the id of, such as `saga`. */
  readonly kind: string;
  /** On what the action is done: said when nothing is missing any more. */
  readonly basis: string;
  /** The word that does it. */
  readonly word: string;
  readonly isSending: boolean;
  readonly act: () => void;
  /** Above the fields. */
  readonly intro?: ReactNode;
  /** Below them: how a try has failed. */
  readonly failure: ReactNode;
}

/** One sheet is open at a time. */
const FORM = 'confirm';

/**
 * What a `Sheet` is given for the last step of every action: who acts and why, and the word that does it, which works once nothing is missing and
 * nothing is sent. No component: a sheet that stays the same one through its steps moves the focus with them.
 */
export function confirmStep(confirming: Confirming) {
  const { back, value, change, typedId, kind, basis, word, isSending, act, intro, failure } = confirming;
  const missing = missingFrom(value, typedId);
  const mayAct = missing.length === 0 && !isSending;
  return {
    step: 'confirm',
    actions: (
      <>
        <p>{missing.length > 0 ? `Still needed: ${missing.join(', ')}.` : basis}</p>
        <Button onClick={back}>Back</Button>
        <Button type="submit" form={FORM} disabled={!mayAct}>
          {isSending ? 'Sending…' : word}
        </Button>
      </>
    ),
    children: (
      <>
        <form
          id={FORM}
          onSubmit={(event) => {
            event.preventDefault();
            if (mayAct) act();
          }}
        >
          {intro}
          <ConfirmFields value={value} change={change} typedId={typedId} kind={kind} />
        </form>
        {failure}
      </>
    ),
  } as const;
}
