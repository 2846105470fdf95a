import { SILENT_MS } from '../stream/one-answer.js';
import type { Health as OfService, Tick } from '../stream/events.js';
import type { StreamState } from '../stream/state.js';
import { useStreamState, useTick } from '../stream/use-stream.js';
import { spanText } from '../ui/time-text.js';
import { useNow } from '../ui/time.js';
import styles from './health.module.css';

const GLYPHS: Readonly<Record<OfService, string>> = { ok: '●', down: '◐', unreachable: '✕' };
const WORDS: Readonly<Record<OfService, string>> = {
  ok: 'is well',
  down: 'is not ready',
  unreachable: 'does not answer',
};

interface Part {
  readonly name: string;
  readonly health: OfService;
}

/** How all parts of the system are, and how old what is shown is. */
export function Health() {
  const state = useStreamState();
  const tick = useTick();
  const parts = partsOf(state, tick);
  const ill = parts.filter(({ health }) => health !== 'ok');
  return (
    <div className={styles['health']}>
      <ul className={styles['parts']} aria-label="Parts of the system">
        {parts.map(({ name, health }) => (
          <li key={name} className={styles[health]} title={`${name} ${WORDS[health]}`}>
            <span aria-hidden="true">{GLYPHS[health]}</span>
            {health === 'ok' ? (
              <span className="unseen">{`${name} ${WORDS[health]}`}</span>
            ) : (
              <span className={styles['word']}>{`${name} ${WORDS[health]}`}</span>
            )}
          </li>
        ))}
      </ul>
      <AsOf state={state} isWell={parts.length > 0 && ill.length === 0} />
    </div>
  );
}

/** The clock is grey while nothing is heard: what is shown may be old then. */
function AsOf({ state, isWell }: { readonly state: StreamState; readonly isWell: boolean }) {
  const now = useNow();
  const { status, heardAt } = state;
  const age = heardAt === undefined ? undefined : Math.max(0, now - heardAt);
  const isStale = status !== 'live' || age === undefined || age >= SILENT_MS;
  return (
    <span className={`${styles['clock']} ${isStale ? styles['stale'] : ''}`} title={isWell ? 'All is well' : undefined}>
      <span aria-hidden="true">◷ </span>
      <span>{sentenceOf(status, age)}</span>
    </span>
  );
}

function sentenceOf(status: StreamState['status'], age: number | undefined): string {
  if (status === 'refused') return 'not live: it wants the operator’s token';
  const ago = age === undefined ? '' : age < 2_000 ? 'live' : `${spanText(age).replace(/\.0/, '')} ago`;
  if (status === 'live') return ago;
  return ago === '' ? 'connecting' : `${ago === 'live' ? 'just now' : ago}, connecting again`;
}

/** Services in the order in which the gateway names them, then Kafka. Before the first tick nothing is known. */
function partsOf({ kafka, status }: StreamState, tick: Tick | undefined): readonly Part[] {
  if (!tick || status === 'refused') return [];
  const services = Object.entries(tick.health).map(([name, health]) => ({ name, health }));
  return [...services, { name: 'Kafka', health: kafka ? 'ok' : 'unreachable' }];
}
