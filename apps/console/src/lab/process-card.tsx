import { useId, useState } from 'react';
import type { Fault, NewFault, SystemProcess } from '../api/types.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { Ago, useNow } from '../ui/time.js';
import { spanText } from '../ui/time-text.js';
import { pointsOf } from './points.js';
import styles from './lab.module.css';

const PAUSE_MS = 10_000;
const SLOW_MS = 30_000;
const HOLD_MS = 60_000;
const AIL_MS = 20_000;
const PROVIDER = 'payment-provider';

type State = SystemProcess['state'];
const STATES: Readonly<Record<State, readonly [glyph: string, word: string, tone: string]>> = {
  up: ['✓', 'up', 'good'],
  starting: ['◐', 'starting', 'moving'],
  down: ['⬣', 'down', 'bad'],
  paused: ['‖', 'paused', 'ailing'],
  slow: ['◔', 'slow', 'ailing'],
  held: ['⊘', 'held at a pause point', 'ailing'],
};

interface Props {
  readonly process: SystemProcess;
  /** Those of this process that are on. */
  readonly faults: readonly Fault[];
  readonly points: readonly string[];
  readonly make: (fault: NewFault) => void;
  readonly heal: (id: string) => void;
}

/** A process, what is wrong with it, and what can be made wrong. */
export function ProcessCard({ process, faults, points, make, heal }: Props) {
  const { service, pid, state, startedAt, restarts } = process;
  const [glyph, word, tone] = STATES[state];
  const heading = useId();
  const target = { service, ...(pid !== null && { pid }) };
  const named = (what: string) => `${what} ${service}`;
  const isStill = state === 'paused' || state === 'slow';
  return (
    <section className={styles['card']} aria-labelledby={heading}>
      <h3 id={heading}>{service}</h3>
      <p className={styles[tone]}>
        <span aria-hidden="true">{glyph} </span>
        <span>{word}</span>
      </p>
      <p className="muted">
        {pid === null ? 'no process' : `pid ${pid}`}
        {startedAt !== null && (
          <>
            , started <Ago at={Date.parse(startedAt)} />
          </>
        )}
        {restarts > 0 && `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`}
      </p>
      <p className={styles['buttons']}>
        <Button aria-label={named('Kill')} disabled={pid === null} onClick={() => make({ kind: 'kill', target })}>
          Kill
        </Button>
        <Button
          aria-label={named('Pause 10 s:')}
          disabled={pid === null || isStill}
          onClick={() => make({ kind: 'pause', target, forMs: PAUSE_MS })}
        >
          Pause 10 s
        </Button>
        <Button
          aria-label={named('Slow for 30 s:')}
          disabled={pid === null || isStill}
          onClick={() => make({ kind: 'slow', target, forMs: SLOW_MS })}
        >
          Slow
        </Button>
      </p>
      {service === PROVIDER && (
        <p className={styles['buttons']}>
          <Button onClick={() => make({ kind: 'provider', target, forMs: AIL_MS, ailment: 'silent' })}>
            Answers nothing, 20 s
          </Button>
          <Button onClick={() => make({ kind: 'provider', target, forMs: AIL_MS, ailment: 'error' })}>
            Answers 500, 20 s
          </Button>
        </p>
      )}
      <HoldAt
        service={service}
        points={pointsOf(service, points)}
        hold={(point) => make({ kind: 'pause-point', target, forMs: HOLD_MS, point })}
      />
      {faults.length > 0 && (
        <ul className={styles['on']}>
          {faults.map((fault) => (
            <FaultLine key={fault.id} fault={fault} heal={heal} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FaultLine({ fault, heal }: { readonly fault: Fault; readonly heal: (id: string) => void }) {
  const now = useNow();
  const { id, kind, what, state, healsAt } = fault;
  const left = healsAt === null ? undefined : Math.max(0, Date.parse(healsAt) - now);
  return (
    <li>
      <span>
        <span aria-hidden="true">{state === 'waiting' ? '◷ ' : '▓ '}</span>
        {safeText(what)}
        {state === 'waiting' && ': not there yet'}
        {left !== undefined && <span className="muted">, heals in {spanText(left)}</span>}
      </span>
      {kind !== 'kill' && (
        <Button aria-label={`Heal: ${what}`} onClick={() => heal(id)}>
          Heal
        </Button>
      )}
    </li>
  );
}

interface HoldProps {
  readonly service: string;
  readonly points: readonly string[];
  readonly hold: (point: NonNullable<NewFault['point']>) => void;
}

function HoldAt({ service, points, hold }: HoldProps) {
  const [chosen, choose] = useState(points.find((point) => point.startsWith(`${service}.`)) ?? points[0]);
  if (chosen === undefined) return null;
  return (
    <p className={styles['buttons']}>
      <select aria-label={`Where ${service} is held`} value={chosen} onChange={({ target }) => choose(target.value)}>
        {points.map((point) => (
          <option key={point}>{point}</option>
        ))}
      </select>
      <Button aria-label={`Hold ${service} there`} onClick={() => hold(chosen as NonNullable<NewFault['point']>)}>
        Hold
      </Button>
    </p>
  );
}
