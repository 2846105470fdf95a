import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newRequestKey } from '../api/request-key.js';
import { send } from '../api/send.js';
import type { OperatedSaga, SagaAction, SagaSummary } from '../api/types.js';
import { CommandsList } from '../operate/commands-list.js';
import { confirmStep } from '../operate/confirm-step.js';
import type { Confirmation } from '../operate/confirmation.js';
import { currentOperator, setOperator } from '../operate/operator.js';
import { Sheet, type Step } from '../operate/sheet.js';
import { Button } from '../ui/button.js';
import { Problem, Skeleton } from '../ui/notices.js';
import { safeText } from '../ui/safe-text.js';
import { askable, bulkBody, outcomeText } from './bulk.js';
import styles from './sagas.module.css';

interface Props {
  readonly action: SagaAction;
  /** As they were when they were chosen. */
  readonly sagas: readonly SagaSummary[];
  readonly close: () => void;
}

/** One action on several sagas: each is tried, told and done by itself. */
export function BulkSheet({ action, sagas, close }: Props) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>('dry run');
  const [value, setValue] = useState<Confirmation>({ operator: currentOperator(), reason: '', typed: '' });
  // One for as long as this is meant: a second try after a lost answer is the same request.
  const [key] = useState(() => newRequestKey());
  const dryRun = useQuery({
    queryKey: ['bulk-dry-run', action, sagas.map(({ id, version }) => `${id} ${version}`)],
    queryFn: async ({ signal }) => {
      const { body } = await send('post', '/v1/sagas/operations', {
        query: { dryRun: 'true' },
        headers: { 'X-Operator': value.operator || 'console' },
        body: bulkBody(action, sagas, 'dry run'),
        signal,
      });
      return body.items;
    },
    staleTime: Infinity,
  });
  const asked = dryRun.data ? askable(sagas, dryRun.data) : [];
  const [first] = asked;
  const bulk = useMutation({
    mutationFn: async () => {
      setOperator(value.operator);
      const { body } = await send('post', '/v1/sagas/operations', {
        headers: { 'X-Operator': value.operator, 'Idempotency-Key': key },
        body: bulkBody(action, asked, value.reason),
      });
      return body.items;
    },
    onSuccess: () => {
      setStep('done');
      for (const name of ['waiting-sagas', 'newest-sagas', 'saga', 'operations'])
        void client.invalidateQueries({ queryKey: [name] });
    },
  });
  const title = `${action} ${sagas.length} ${sagas.length === 1 ? 'saga' : 'sagas'}`;
  if (step === 'done' && bulk.data) {
    const done = bulk.data.filter(({ operation }) => operation !== null).length;
    return (
      <Sheet
        title={title}
        step="done"
        close={close}
        actions={
          <Button data-autofocus onClick={close}>
            Close
          </Button>
        }
      >
        <p role="status">
          Asked of {done} of {bulk.data.length}. Nothing is mended until the services answer.
        </p>
        <Outcomes items={bulk.data} />
      </Sheet>
    );
  }
  if (step === 'confirm' && first)
    return (
      <Sheet
        title={title}
        close={close}
        {...confirmStep({
          back: () => setStep('dry run'),
          value,
          change: setValue,
          typedId: first.id,
          kind: 'first saga',
          basis: 'Each on the version that was seen: what has moved is left alone.',
          word: `Do it: ${action} ${asked.length}`,
          isSending: bulk.isPending,
          act: () => bulk.mutate(),
          intro: (
            <p>
              {asked.length} of {sagas.length} sagas. The first one is <code>{first.id}</code>.
            </p>
          ),
          failure: bulk.error && <Problem error={bulk.error} retry={() => bulk.mutate()} />,
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
          <Button onClick={close}>Leave it</Button>
          <Button data-autofocus disabled={asked.length === 0} onClick={() => setStep('confirm')}>
            Go on with {asked.length}
          </Button>
        </>
      }
    >
      {dryRun.isPending && <Skeleton rows={6} />}
      {dryRun.error && <Problem error={dryRun.error} retry={() => void dryRun.refetch()} />}
      {dryRun.data && (
        <>
          <p>
            It can be done to {asked.length} of {sagas.length}. Nothing is done yet.
          </p>
          <Outcomes items={dryRun.data} />
        </>
      )}
    </Sheet>
  );
}

const Outcomes = ({ items }: { readonly items: readonly OperatedSaga[] }) => (
  <ul className={styles['outcomes']}>
    {items.map((item) => (
      <li key={item.sagaId}>
        <p>
          <span aria-hidden="true">{item.operation ? '✓' : '⬣'} </span>
          <code>{item.sagaId}</code> {safeText(outcomeText(item))}
        </p>
        {item.operation && item.operation.commands.length > 0 && (
          <details>
            <summary>Commands, exactly as they are sent</summary>
            <CommandsList commands={item.operation.commands} none="" />
          </details>
        )}
      </li>
    ))}
  </ul>
);
