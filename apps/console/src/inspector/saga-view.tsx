import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addressOf } from '../api/read.js';
import type { Saga } from '../api/types.js';
import { sagaQuery } from '../sagas/queries.js';
import { stepText } from '../sagas/repair.js';
import { awaitedBy, causeOf } from '../sagas/work-list.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Fact, Facts, Moment, Thing } from './parts.js';
import styles from './inspected.module.css';

/** A saga: where it is and why, its steps, and what an operator did last. What may be done to it now is in its row. */
export function SagaView({ id }: { readonly id: string }) {
  const { data: saga, error, refetch } = useQuery(sagaQuery(id));
  const commands = [
    `npx backstep saga ${id}`,
    `curl -s ${location.origin}${addressOf('/v1/sagas/{sagaId}', { path: { sagaId: id } })}`,
  ];
  return (
    <Thing
      kind="Saga"
      link={
        <Link to="/sagas/$sagaId" params={{ sagaId: id }} search={{}} className="mono">
          {id}
        </Link>
      }
      commands={commands}
      error={error}
      retry={() => void refetch()}
    >
      {saga && (
        <>
          <Facts>
            <Fact name="State">
              <Status of={saga.state} />
            </Fact>
            <Fact name="Because">{causeOf(saga) !== '' && safeText(causeOf(saga))}</Fact>
            <Fact name="Waits for">
              {saga.awaiting && `${safeText(awaitedBy(saga))}, sent ${timesText(saga.awaiting.attempts)}`}
            </Fact>
            <Fact name="Order">
              <Link to="/orders/$orderId" params={{ orderId: saga.orderId }} search={{}} className="mono">
                {saga.orderId}
              </Link>
            </Fact>
            <Fact name="Of">
              {safeText(saga.type)}, definition {saga.definitionVersion}
            </Fact>
            <Fact name="Moved">
              <Moment at={saga.updatedAt} />
            </Fact>
            <Fact name="Legal now">{saga.legalActions.length > 0 ? saga.legalActions.join(', ') : 'nothing'}</Fact>
          </Facts>
          <h3>Steps</h3>
          <Steps saga={saga} />
          <LastOperation saga={saga} />
        </>
      )}
    </Thing>
  );
}

const timesText = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const Steps = ({ saga: { steps, awaiting } }: { readonly saga: Saga }) => (
  <ol className={styles['list']}>
    {steps.map((step) => {
      const isAwaited = awaiting?.step === step.name;
      return (
        <li key={step.name}>
          <span aria-hidden="true">{isAwaited ? '▸ ' : '· '}</span>
          {safeText(step.name)} <span className="muted">{safeText(stepText(step))}</span>
          {isAwaited && <span className="unseen"> (waited for)</span>}
        </li>
      );
    })}
  </ol>
);

function LastOperation({ saga: { operations } }: { readonly saga: Saga }) {
  const last = operations.at(-1);
  if (!last) return <p className="muted">No operator has acted on it.</p>;
  return (
    <p>
      {safeText(last.by)} did {last.action}, <Moment at={last.at} />: {safeText(last.reason)}
    </p>
  );
}
