import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestKey } from '../api/request-key.js';
import type { ParkedSummary, SettleAction } from '../api/types.js';
import { confirmStep } from '../operate/confirm-step.js';
import type { Confirmation } from '../operate/confirmation.js';
import { currentOperator, setOperator } from '../operate/operator.js';
import { Sheet, type Step } from '../operate/sheet.js';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { Problem, Skeleton } from '../ui/notices.js';
import { inTurn, isUnknown, possible, type Tried } from './in-turn.js';
import { dryRunRequest, MEANINGS, movedOnBy, movedSentences, settleRequest, typedIdOf } from './settle.js';
import { sendSettle } from './send-settle.js';
import { DoneList, DryRunList, Moved } from './settle-steps.js';

interface Props {
  readonly action: SettleAction;
  readonly targets: readonly ParkedSummary[];
  readonly close: () => void;
}

const keysFor = (messages: readonly ParkedSummary[]): ReadonlyMap<string, string> =>
  new Map(messages.map(({ id }) => [id, newRequestKey()]));

/** Replay or discard, of one message or of several: each has an answer of its own. */
export function SettleSheet({ action, targets, close }: Props) {
  const client = useQueryClient();
  // What the operator looks at stays as it is, while the messages themselves may move on: each request names the version that was seen.
  const [seen, setSeen] = useState(targets);
  const [moved, setMoved] = useState<readonly string[]>([]);
  const [step, setStep] = useState<Step>('dry run');
  const [value, setValue] = useState<Confirmation>({ operator: currentOperator(), reason: '', typed: '' });
  // One for as long as this is meant: a second try after a lost answer is the same request.
  const [keys, setKeys] = useState(() => keysFor(targets));
  const dryRun = useQuery({
    queryKey: ['settle-dry-run', action, seen.map(({ service, id, version }) => `${service} ${id} ${version}`)],
    queryFn: ({ signal }) =>
      inTurn(seen, (message) => sendSettle(action, dryRunRequest(message, value.operator), signal)),
    staleTime: Infinity,
    gcTime: 0,
  });
  const able = possible(dryRun.data ?? []);
  const lookAnew = (messages: readonly ParkedSummary[], sentences: readonly string[]): void => {
    setSeen(messages);
    setMoved(sentences);
    setKeys(keysFor(messages));
    setStep('dry run');
    announce('It has moved: this is a new dry run.');
  };
  const settle = useMutation({
    mutationFn: () => {
      setOperator(value.operator);
      return inTurn(able, (message) =>
        sendSettle(action, settleRequest(message, value, keys.get(message.id) ?? ''), undefined),
      );
    },
    onSuccess: (all) => {
      for (const key of ['parked', 'parked-held', 'operations']) void client.invalidateQueries({ queryKey: [key] });
      const [only] = all;
      const now = all.length === 1 ? movedOnBy(only?.error) : undefined;
      if (only && now?.current?.state === 'poisoned') lookAnew([now.current], movedSentences(only.message, now));
      else setStep('done');
    },
  });
  const title =
    targets.length === 1
      ? `${wordOf(action)} ${targets[0]?.type ?? 'a message'}`
      : `${wordOf(action)} ${targets.length} messages`;

  if (step === 'done' && settle.data)
    return (
      <Sheet
        title={title}
        step="done"
        close={close}
        actions={
          <>
            {settle.data.some(isUnknown) && (
              <Button disabled={settle.isPending} onClick={() => settle.mutate()}>
                Find out: ask the same again
              </Button>
            )}
            <Button data-autofocus onClick={close}>
              Close
            </Button>
          </>
        }
      >
        <DoneList tried={settle.data} />
      </Sheet>
    );
  if (step === 'confirm')
    return (
      <Sheet
        title={title}
        close={close}
        {...confirmStep({
          back: () => setStep('dry run'),
          value,
          change: setValue,
          typedId: typedIdOf(action, able),
          kind: 'message',
          basis: 'On what the dry run has seen alone: where anything has moved, nothing is done.',
          word: `Do it: ${action}${able.length > 1 ? ` ${able.length}` : ''}`,
          isSending: settle.isPending,
          act: () => settle.mutate(),
          failure: settle.error && <Problem error={settle.error} retry={() => settle.mutate()} />,
        })}
      />
    );
  return (
    <Sheet
      title={title}
      step="dry run"
      close={close}
      isBusy={dryRun.isPending}
      actions={
        <>
          {dryRun.data && able.length < seen.length && (
            <p>
              {able.length === 0 ? 'There is nothing to go on with.' : `${able.length} of ${seen.length} can go on.`}
            </p>
          )}
          <Button onClick={() => void dryRun.refetch()} disabled={dryRun.isFetching}>
            Try again
          </Button>
          <Button data-autofocus disabled={able.length === 0} onClick={() => setStep('confirm')}>
            Go on
          </Button>
        </>
      }
    >
      <p>{MEANINGS[action]} Nothing is done yet.</p>
      {moved.length > 0 && <Moved sentences={moved} />}
      {dryRun.isPending && <Skeleton rows={6} />}
      {dryRun.error && <Problem error={dryRun.error} retry={() => void dryRun.refetch()} />}
      {dryRun.data && (
        <DryRunList
          tried={dryRun.data}
          lookAnew={(tried: Tried) => {
            const now = movedOnBy(tried.error);
            const { current } = now ?? { current: null };
            if (now && current)
              lookAnew(
                seen.map((one) => (one.id === current.id ? current : one)),
                movedSentences(tried.message, now),
              );
          }}
        />
      )}
    </Sheet>
  );
}

const wordOf = (action: SettleAction): string => (action === 'replay' ? 'Replay' : 'Discard');
