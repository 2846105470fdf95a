import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { selectionOf } from '../lanes/position.js';
import { GLYPHS, WORDS } from '../lanes/sentence.js';
import { safeText } from '../ui/safe-text.js';
import { spanText } from '../ui/time-text.js';
import { aligned, type ComparedStep, deltaText } from './compare.js';
import styles from './compare.module.css';
import { Differs } from './facts-table.js';
import { type Side, tookMs, typesOfSagas } from './facts.js';
import { type StepRun, stepsOf } from './steps.js';

interface Props {
  readonly a: Side;
  readonly b: Side;
}

/** Both orders step by step, with what differs, and how much later and longer b was. */
export function StepsTable({ a, b }: Props) {
  const steps = useMemo(
    () => aligned(stepsOf(a.lanes, typesOfSagas(a)), stepsOf(b.lanes, typesOfSagas(b))),
    [a.lanes, a.order.sagas, b.lanes, b.order.sagas],
  );
  const differing = steps.filter(({ differences }) => differences.length > 0).length;
  const [tookA, tookB] = [tookMs(a.lanes), tookMs(b.lanes)];
  const whole = Math.max(tookA, tookB, 1);
  if (steps.length === 0) return <p className={styles['sum']}>Neither has a message yet.</p>;
  return (
    <>
      <p className={styles['sum']} role="status">
        {differing === 0
          ? `Both took the same ${steps.length} steps.`
          : `${differing} of ${steps.length} steps differ.`}{' '}
        {tookA === tookB
          ? 'Both took as long.'
          : `b took ${spanText(Math.abs(tookB - tookA))} ${tookB > tookA ? 'longer' : 'less'}.`}
      </p>
      <div className={styles['wide']} tabIndex={0} role="region" aria-label="Steps of both orders">
        <table className={styles['steps']}>
          <caption className="unseen">
            Steps of both orders; times are from each order’s first message, deltas are b less a
          </caption>
          <thead>
            <tr>
              {['Step', 'a', 'b', 'Began', 'Took', 'Differs', 'When'].map((title) => (
                <th key={title} scope="col">
                  {title === 'Began' ? 'Δ began' : title === 'Took' ? 'Δ took' : title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <Row
                key={`${step.key} ${step.a ? 'a' : ''}${step.b ? 'b' : ''}`}
                step={step}
                ids={[a.order.id, b.order.id]}
                whole={whole}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  readonly step: ComparedStep;
  readonly ids: readonly [a: string, b: string];
  /** The time that the longer of both took, in ms. */
  readonly whole: number;
}

function Row({ step, ids: [idA, idB], whole }: RowProps) {
  const { title, isUndo, a, b, differences, startsLaterMs, takesLongerMs } = step;
  return (
    <tr className={differences.length > 0 ? styles['differs'] : ''}>
      <th scope="row">
        {isUndo && <span className={styles['undo']}>↩ </span>}
        {isUndo && <span className="unseen">compensation of </span>}
        {safeText(title)}
      </th>
      <td>
        <Run run={a} orderId={idA} />
      </td>
      <td>
        <Run run={b} orderId={idB} />
      </td>
      <td className={styles['number']}>{deltaText(startsLaterMs)}</td>
      <td className={styles['number']}>{deltaText(takesLongerMs)}</td>
      <td>
        {differences.map((what) => (
          <Differs key={what} what={what} />
        ))}
      </td>
      <td>
        <Bars a={a} b={b} whole={whole} />
      </td>
    </tr>
  );
}

/** What one order did for the step; it leads to its message in the lanes. */
function Run({ run, orderId }: { readonly run: StepRun | undefined; readonly orderId: string }) {
  if (!run) return <span className="muted">not there</span>;
  const { outcome, startMs, tookMs: took, attempts, repeated, last } = run;
  const more = [attempts > 1 && `asked ${attempts} times`, repeated > 0 && `${repeated} repeated`].filter(Boolean);
  return (
    <>
      <Link to="/orders/$orderId" params={{ orderId }} search={{ sel: selectionOf(last.landing) }}>
        <span aria-hidden="true">{GLYPHS[outcome]} </span>
        {WORDS[outcome]}
      </Link>{' '}
      <span className="muted">
        +{startMs.toLocaleString('en')} ms
        {took !== undefined && took > 0 && `, took ${took.toLocaleString('en')} ms`}
        {more.length > 0 && `, ${more.join(', ')}`}
      </span>
    </>
  );
}

const WIDTH_PX = 180;
const BAR_PX = 7;
const SHORTEST_PX = 2;

/** When each began and how long it took, on one scale: a above b. The columns beside it say the same in numbers. */
function Bars({ a, b, whole }: Pick<ComparedStep, 'a' | 'b'> & Pick<RowProps, 'whole'>) {
  const x = (ms: number): number => (ms / whole) * (WIDTH_PX - SHORTEST_PX);
  return (
    <svg width={WIDTH_PX} height={2 * BAR_PX + 4} aria-hidden="true" className={styles['bars']}>
      {[a, b].map(
        (run, index) =>
          run && (
            <rect
              key={index}
              x={x(run.startMs)}
              y={index * (BAR_PX + 3)}
              width={Math.max(SHORTEST_PX, x(run.tookMs ?? 0))}
              height={BAR_PX}
              className={index === 0 ? styles['barA'] : styles['barB']}
            />
          ),
      )}
    </svg>
  );
}
