import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { evidenceQuery, orderQuery } from '../api/queries.js';
import type { DoctorReport, Fault, NewFault, SystemProcess } from '../api/types.js';
import { hasEnded } from '../playground/outcomes.js';
import { announce } from '../shell/announce.js';
import { Button } from '../ui/button.js';
import { copy } from '../ui/copy.js';
import { moneyText } from '../ui/money-text.js';
import { Status } from '../ui/status.js';
import { CHARGED, chargingOf, holdOf, type Run, type Stage, stageOf } from './script.js';
import styles from './lab.module.css';

const HOLD_MS = 60_000;
const AS_A_TEST = [
  "npm test -- e2e what-dies-comes-back -t 'a process killed in a window'",
  'npm run chaos -- --seed 7 --minutes 1',
];
const SENTENCES: Readonly<Record<Stage, string>> = {
  hold: 'It stands still at that point when it comes there: for a minute, or until it is killed.',
  place: 'It stands still when it comes there.',
  comes: 'The order goes its way: it is about to be charged.',
  kill: 'The provider has charged, and nothing of that is stored here.',
  returns: 'It is dead, and is started again.',
  ends: 'It is back, and asks the provider again, with the same key.',
  checks: 'The order has ended: the doctor looks.',
  look: 'The order has ended, and the doctor has looked.',
  missed: 'Nobody has killed it in time: the hold has healed, and the order goes on.',
};

interface Props {
  readonly processes: readonly SystemProcess[];
  readonly points: readonly string[];
  readonly faults: readonly Fault[];
  readonly report: DoctorReport | undefined;
  readonly make: (fault: NewFault) => void;
  /** Places one order, and resolves with its id. */
  readonly place: () => Promise<string | undefined>;
}

/** Payment is killed when the provider has charged and nothing of it is stored: in four clicks, with what is seen between them. */
export function ScriptView({ processes, points, faults, report, make, place }: Props) {
  const [run, setRun] = useState<Run>({});
  const [isPlacing, setPlacing] = useState(false);
  const { orderId, killedPid } = run;
  const process = chargingOf(processes, points);
  const order = useQuery({ ...orderQuery(orderId ?? ''), enabled: orderId !== undefined });
  const isOver = order.data !== undefined && hasEnded(order.data);
  const endedAt = useWhen(isOver);
  const isExamined = report !== undefined && endedAt !== undefined && Date.parse(report.takenAt) > endedAt;
  const stage = stageOf(run, { process, hold: holdOf(faults, process?.service), hasEnded: isOver, isExamined });
  const sentence = SENTENCES[stage];
  useEffect(() => {
    if (stage !== 'hold') announce(sentence);
  }, [stage, sentence]);
  if (!process) return null;
  const { service, pid } = process;
  const target = { service, ...(pid !== null && { pid }) };
  const begin = (): void => {
    setPlacing(true);
    void place()
      .then((id) => setRun(id === undefined ? {} : { orderId: id }))
      .finally(() => setPlacing(false));
  };
  return (
    <section className={styles['script']} aria-labelledby="script-title">
      <h2 id="script-title">Kill payment while it charges</h2>
      <ol>
        <Step isDone={stage !== 'hold' && stage !== 'missed'}>
          <Button
            disabled={stage !== 'hold'}
            onClick={() => make({ kind: 'pause-point', target, forMs: HOLD_MS, point: CHARGED })}
          >
            Hold {service} where it has charged
          </Button>
        </Step>
        <Step isDone={orderId !== undefined}>
          <Button disabled={stage !== 'place' || isPlacing} onClick={begin}>
            Place an order
          </Button>
        </Step>
        <Step isDone={killedPid !== undefined}>
          <Button
            disabled={stage !== 'kill' || pid === null}
            onClick={() => {
              make({ kind: 'kill', target });
              if (pid !== null) setRun({ ...run, killedPid: pid });
            }}
          >
            Kill it there
          </Button>
        </Step>
        <Step isDone={stage === 'look'}>
          {stage === 'look' && orderId !== undefined ? (
            <Link to="/orders/$orderId" params={{ orderId }} search={{}}>
              Look at what became of it
            </Link>
          ) : (
            <span className="muted">Look at what became of it</span>
          )}
        </Step>
      </ol>
      <p>
        {sentence}
        {stage === 'look' && order.data && report && (
          <>
            {' '}
            <Status of={order.data.status} /> <Charges orderId={order.data.id} />
            {report.clean ? ' All invariants hold.' : ' Invariants are violated: the list of them says which.'}
          </>
        )}{' '}
        {orderId !== undefined && <Button onClick={() => setRun({})}>Begin anew</Button>}
      </p>
      <details>
        <summary>As a test</summary>
        <ul>
          {AS_A_TEST.map((command) => (
            <li key={command}>
              <code>{command}</code>{' '}
              <Button onClick={() => void copy(command, 'the command')}>
                Copy<span className="unseen"> {command}</span>
              </Button>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

const Step = ({ isDone, children }: { readonly isDone: boolean; readonly children: ReactNode }) => (
  <li>
    <span aria-hidden="true" className={isDone ? styles['good'] : 'muted'}>
      {isDone ? '✓ ' : '○ '}
    </span>
    {children}
    {isDone && <span className="unseen"> (done)</span>}
  </li>
);

/** How often the customer has paid, as payment has it; the doctor compares that with the provider's ledger. */
function Charges({ orderId }: { readonly orderId: string }) {
  const evidence = useQuery(evidenceQuery(orderId, false));
  const charges = (evidence.data?.body.intents ?? []).flatMap((intent) =>
    intent.charges.map((one) => [intent, one] as const),
  );
  const [first] = charges;
  if (!first) return null;
  const [{ currency, capturedAmount }] = first;
  return (
    <>
      {charges.length === 1 ? 'Charged once' : `Charged ${charges.length} times`}, {moneyText(capturedAmount, currency)}
      .
    </>
  );
}

/** Since when it is so, in ms since 1970, as far as the page has seen. */
function useWhen(isSo: boolean): number | undefined {
  const [since, setSince] = useState<number>();
  useEffect(() => setSince(isSo ? Date.now() : undefined), [isSo]);
  return since;
}
