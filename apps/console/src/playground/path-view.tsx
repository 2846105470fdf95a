import type { ReactNode } from 'react';
import { GLYPHS } from '../lanes/sentence.js';
import { Status } from '../ui/status.js';
import { safeText } from '../ui/safe-text.js';
import type { Leg, Path } from './path.js';
import styles from './path.module.css';

const NAMES_PX = 96;
const LEG_PX = 136;
const LANE_PX = 58;
const TOP_PX = 26;
const REACH_PX = 44;
const FOOT_PX = 20;
const ORCHESTRATOR = 'orchestrator';

interface Props {
  readonly path: Path;
  /** Who says what the saga begins with. */
  readonly from: string;
  /** What the answer of each service waits for, by service. */
  readonly notes: Readonly<Record<string, string>>;
  /** Above it; default: where it will lead. */
  readonly title?: ReactNode;
}

/** The way that the order will take: dashed, as nothing has happened. Below it the same in words. */
export function PathView({ path, from, notes, title }: Props) {
  const { legs, startsOn, pivot, ends } = path;
  const services = [...new Set([from, ...legs.map(({ service }) => service)])];
  const lanes = [...services, ORCHESTRATOR];
  const y = (lane: string): number => TOP_PX + LANE_PX * (lanes.indexOf(lane) + 0.5);
  const x = (leg: number): number => NAMES_PX + LEG_PX * (leg + 1);
  const width = x(legs.length) + 8;
  const height = TOP_PX + LANE_PX * lanes.length + FOOT_PX;
  return (
    <figure className={styles['path']} aria-labelledby="path-title">
      <figcaption id="path-title">
        {title ?? (
          <>
            The way it will take: the saga {ends === 'STUCK' ? 'gets' : 'ends'} <Status of={ends} />
          </>
        )}
      </figcaption>
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label="The way it will take, drawn">
        <svg width={width} height={height} aria-hidden="true">
          {lanes.map((lane) => (
            <g key={lane}>
              <text x={8} y={y(lane) + 4} className={styles['name']}>
                {safeText(lane)}
              </text>
              <line x1={NAMES_PX} x2={width} y1={y(lane)} y2={y(lane)} className={styles['lane']} />
            </g>
          ))}
          {pivot !== undefined && (
            <g className={styles['pivot']}>
              <line x1={x(pivot + 1) - 6} x2={x(pivot + 1) - 6} y1={TOP_PX} y2={height - FOOT_PX} />
              <text x={x(pivot + 1) - 6} y={height - 5} textAnchor="end">
                no way back from here
              </text>
            </g>
          )}
          <g className={styles['told']}>
            <line x1={NAMES_PX + 12} x2={x(0)} y1={y(from)} y2={y(ORCHESTRATOR) - 6} strokeDasharray="5 4" />
            <circle cx={NAMES_PX + 12} cy={y(from)} r={4.5} />
            <text x={NAMES_PX + 20} y={y(from) - 9}>
              ● {safeText(startsOn)}
            </text>
          </g>
          {legs.map((leg, index) => (
            <LegArrows
              key={`${leg.step} ${leg.direction}`}
              leg={leg}
              x={x(index)}
              top={y(leg.service)}
              bottom={y(ORCHESTRATOR)}
            />
          ))}
        </svg>
      </div>
      <ol className={styles['words']}>
        {legs.map((leg) => (
          <li key={`${leg.step} ${leg.direction}`} className={styles[toneOf(leg)]}>
            {sentenceOf(leg)}
            {leg.direction === 'forward' && leg.meaning === 'done' && notes[leg.service] !== undefined && (
              <span className="muted"> ({safeText(notes[leg.service] ?? '')})</span>
            )}
          </li>
        ))}
      </ol>
    </figure>
  );
}

interface LegProps {
  readonly leg: Leg;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** The command up to the service, its answer back down to the orchestrator. */
function LegArrows({ leg, x, top, bottom }: LegProps) {
  const { command, answer, direction } = leg;
  return (
    <g className={styles[toneOf(leg)]}>
      <path d={`M${x} ${bottom - 5} l5 5 l-5 5 l-5 -5 z`} />
      <line x1={x} x2={x + REACH_PX} y1={bottom} y2={top + 6} strokeDasharray="5 4" />
      <path d={`M${x + REACH_PX} ${top + 3} l-5 7 h8 z`} />
      <text x={x + REACH_PX} y={top - 9} textAnchor="middle">
        {direction === 'undo' ? '↩' : GLYPHS.answered} {safeText(command)}
      </text>
      {answer !== undefined && (
        <>
          <circle cx={x + REACH_PX + 4} cy={top} r={4.5} />
          <line x1={x + REACH_PX + 4} x2={x + LEG_PX} y1={top} y2={bottom - 6} strokeDasharray="5 4" />
        </>
      )}
      <text x={x + REACH_PX + 18} y={top + 17}>
        {glyphOf(leg)} {safeText(answer ?? 'no answer')}
      </text>
    </g>
  );
}

const glyphOf = ({ meaning }: Leg): string => (meaning === 'unanswered' ? '⬣' : GLYPHS[meaning]);

const toneOf = ({ direction, meaning }: Leg): string =>
  meaning === 'unanswered' ? 'stuck' : meaning === 'refused' || direction === 'undo' ? 'undo' : 'done';

function sentenceOf({ direction, service, step, command, answer, meaning, because }: Leg): string {
  const asks = `${direction === 'undo' ? '↩ Compensation of' : 'Step'} ${step}: ${service} is asked ${command}`;
  const says =
    meaning === 'unanswered'
      ? `, again and again, as ${because ?? 'nobody answers'}`
      : ` and answers ${answer ?? ''}${because === undefined ? '' : `, as ${because}`}`;
  return safeText(`${asks}${says}`);
}
