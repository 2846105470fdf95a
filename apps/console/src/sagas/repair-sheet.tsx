import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ProblemError } from '../api/read.js';
import { newRequestKey } from '../api/request-key.js';
import type { Saga, SagaAction } from '../api/types.js';
import { CommandsList } from '../operate/commands-list.js';
import { confirmStep } from '../operate/confirm-step.js';
import type { Confirmation } from '../operate/confirmation.js';
import { currentOperator, setOperator } from '../operate/operator.js';
import { Sheet, type Step } from '../operate/sheet.js';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { Banner, Problem, Skeleton } from '../ui/notices.js';
import { sagaQuery } from './queries.js';
import { Afterwards, DryRunView, Moved, WhatStep } from './repair-steps.js';
import { currentOf, dryRunRequest, lookedAnew, lookedAt, needsTyping, readAgain, repairRequest } from './repair.js';
import { sendRepair } from './send-repair.js';

interface Props {
  readonly sagaId: string;
  /** The action whose dry run is asked for; undefined: one is chosen first. */
  readonly action: SagaAction | undefined;
  readonly choose: (action: SagaAction | undefined) => void;
  readonly close: () => void;
}

/** An action on one saga: what it is to be, what it would do, and the word that does it. */
export function RepairSheet({ sagaId, action, choose, close }: Props) {
  const saga = useQuery(sagaQuery(sagaId));
  const title = `Repair saga …${sagaId.slice(-8)}`;
  if (saga.data && action)
    return <Repair key={action} saga={saga.data} action={action} choose={choose} close={close} title={title} />;
  return (
    <Sheet
      title={title}
      step="what"
      close={close}
      isBusy={saga.isPending}
      actions={<Button onClick={close}>Leave it</Button>}
    >
      {saga.error && <Problem error={saga.error} retry={() => void saga.refetch()} />}
      {saga.isPending && <Skeleton rows={4} />}
      {saga.data && <WhatStep saga={saga.data} choose={choose} />}
    </Sheet>
  );
}

interface RepairProps extends Omit<Props, 'sagaId' | 'action'> {
  readonly saga: Saga;
  readonly action: SagaAction;
  readonly title: string;
}

function Repair({ saga, action, choose, close, title }: RepairProps) {
  const client = useQueryClient();
  const [look, setLook] = useState(() => lookedAt(saga));
  const { seen, newest, moved } = readAgain(look, saga);
  const [step, setStep] = useState<Step>('dry run');
  const [value, setValue] = useState<Confirmation>({ operator: currentOperator(), reason: '', typed: '' });
  // One for as long as this is meant: a second try after a lost answer is the same request.
  const [key, setKey] = useState(() => newRequestKey());
  const dryRun = useQuery({
    queryKey: ['dry-run', seen.id, action, seen.version],
    queryFn: ({ signal }) =>
      sendRepair(action, dryRunRequest(seen.id, seen.version, value.operator), signal).then(({ body }) => body),
    staleTime: Infinity,
  });
  const lookAnew = (now: Saga): void => {
    setLook(lookedAnew(look, now));
    setStep('dry run');
    setKey(newRequestKey());
    announce('The saga has moved: this is a new dry run.');
  };
  const repair = useMutation({
    mutationFn: () => {
      setOperator(value.operator);
      const asked = { sagaId: seen.id, action, seenVersion: seen.version, ...value };
      return sendRepair(action, repairRequest(asked, key));
    },
    onSuccess: ({ body }) => {
      setStep('done');
      client.setQueryData(sagaQuery(seen.id).queryKey, body.saga);
      void client.invalidateQueries({ queryKey: ['waiting-sagas'] });
      void client.invalidateQueries({ queryKey: ['newest-sagas'] });
      void client.invalidateQueries({ queryKey: ['operations'] });
    },
    onError: (error) => {
      const now = staleBy(error);
      if (now) lookAnew(now);
    },
  });
  const staleDryRun = staleBy(dryRun.error);
  useEffect(() => {
    if (staleDryRun) lookAnew(staleDryRun);
  }, [staleDryRun]);
  if (step === 'done' && repair.data)
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
        <Afterwards answer={repair.data.body} replayed={repair.data.replayed} />
        <Link to="/orders/$orderId" params={{ orderId: seen.orderId }} search={{}}>
          See it in the order’s lanes
        </Link>
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
          typedId: needsTyping(action) ? seen.id : undefined,
          kind: 'saga',
          basis: `Version ${seen.version} alone: if the saga has moved, nothing is done.`,
          word: `Do it: ${action}`,
          isSending: repair.isPending,
          act: () => repair.mutate(),
          failure: repair.error && !staleBy(repair.error) && (
            <Failed error={repair.error} again={() => repair.mutate()} />
          ),
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
          <Button onClick={() => choose(undefined)}>Another action</Button>
          <Button data-autofocus disabled={!dryRun.data} onClick={() => setStep('confirm')}>
            Go on
          </Button>
        </>
      }
    >
      {moved.length > 0 && <Moved sentences={moved} />}
      {newest.version > seen.version && (
        <>
          <Banner>
            It has moved since: this dry run is of version {seen.version}, and the saga is at {newest.version}.
          </Banner>
          <Button onClick={() => lookAnew(newest)}>Dry run anew</Button>
        </>
      )}
      {dryRun.isPending && <Skeleton rows={6} />}
      {dryRun.error && !staleDryRun && <Problem error={dryRun.error} retry={() => void dryRun.refetch()} />}
      {dryRun.data && (
        <>
          <DryRunView seen={seen} would={dryRun.data} />
          <h3>Commands, exactly as they will be sent</h3>
          <CommandsList commands={dryRun.data.commands} none="None: nobody is asked for anything." />
        </>
      )}
    </Sheet>
  );
}

/** The saga as it is now, where the version that was named is an older one. */
const staleBy = (error: Error | null): Saga | undefined =>
  error instanceof ProblemError && error.status === 412 ? currentOf(error.problem) : undefined;

/** No answer is no refusal: the same request, with the same key, finds out. */
function Failed({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const isUnknown = error instanceof ProblemError && (error.status === 0 || error.status >= 500);
  return (
    <>
      <Problem error={error} retry={again} />
      {isUnknown && (
        <p>Whether it was done is not known. To try again is safe: it is the same request, and is done once.</p>
      )}
      {!isUnknown && <p>Nothing was done.</p>}
    </>
  );
}
