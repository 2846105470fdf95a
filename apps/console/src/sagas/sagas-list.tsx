import { Link } from '@tanstack/react-router';
import type { VirtualItem } from '@tanstack/react-virtual';
import type { SagaAction, SagaSummary } from '../api/types.js';
import { Button } from '../ui/button.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Ago } from '../ui/time.js';
import { LINK, useSelectedFocus, useVirtualRows, VirtualRow, VirtualTable } from '../ui/virtual-table.js';
import { SAGA_ACTIONS } from './sagas-search.js';
import styles from './sagas.module.css';
import { awaitedBy, causeOf, waitsForOperator } from './work-list.js';

/** Where the window is narrow, a row is a card of three lines. */
const SIZES = { narrow: '(max-width: 700px)', cardPx: { compact: 92, comfortable: 100 } };
const COLUMNS = [
  { title: 'Choose', className: styles['pick'], isUnseen: true },
  { title: 'Saga', className: styles['saga'] },
  { title: 'State', className: styles['state'] },
  { title: 'Waits for', className: styles['awaits'] },
  { title: 'Because', className: styles['cause'] },
  { title: 'Moved', className: styles['age'] },
  { title: 'Legal now', className: styles['actions'] },
];

export interface SagasListProps {
  readonly sagas: readonly SagaSummary[];
  readonly selected: number;
  readonly chosen: ReadonlySet<string>;
  readonly select: (index: number) => void;
  readonly choose: (saga: SagaSummary) => void;
  readonly open: (saga: SagaSummary, action: SagaAction) => void;
  readonly hasMore: boolean;
  readonly more: () => void;
}

export function SagasList({ sagas, selected, chosen, select, choose, open, hasMore, more }: SagasListProps) {
  const rows = useVirtualRows({
    ...SIZES,
    count: sagas.length,
    selected: { id: sagas[selected]?.id, index: selected },
    more: hasMore ? more : undefined,
  });
  return (
    <VirtualTable of={rows} label="Sagas" className={styles['list']} rowClassName={styles['row']} columns={COLUMNS}>
      {(item) => {
        const saga = sagas[item.index];
        return (
          saga && (
            <Row
              key={item.key}
              {...{ saga, item, select, choose, open }}
              isSelected={item.index === selected}
              isChosen={chosen.has(saga.id)}
            />
          )
        );
      }}
    </VirtualTable>
  );
}

interface RowProps extends Pick<SagasListProps, 'select' | 'choose' | 'open'> {
  readonly saga: SagaSummary;
  readonly item: VirtualItem;
  readonly isSelected: boolean;
  readonly isChosen: boolean;
}

function Row({ saga, item, isSelected, isChosen, select, choose, open }: RowProps) {
  const { id, state, awaiting, legalActions, updatedAt } = saga;
  const link = useSelectedFocus(isSelected);
  const isWaiting = !isSelected && waitsForOperator(saga);
  return (
    <VirtualRow
      item={item}
      className={`${styles['row']} ${isWaiting ? styles['waiting'] : ''}`}
      isSelected={isSelected}
      select={() => select(item.index)}
    >
      <span role="cell" className={styles['pick']}>
        {legalActions.length > 0 && (
          <input
            type="checkbox"
            aria-label={`Choose saga ${id}`}
            aria-keyshortcuts="x"
            checked={isChosen}
            onChange={() => choose(saga)}
          />
        )}
      </span>
      <span role="cell" className={`${LINK} ${styles['saga']}`}>
        <Link to="/sagas/$sagaId" params={{ sagaId: id }} search={{}} className="mono" ref={link}>
          {id}
        </Link>
      </span>
      <span role="cell" className={styles['state']}>
        <Status of={state} />
      </span>
      <span role="cell" className={styles['awaits']}>
        {safeText(awaitedBy(saga))}
        {awaiting && <span className="muted"> ×{awaiting.attempts}</span>}
      </span>
      <span role="cell" className={styles['cause']} title={safeText(causeOf(saga))}>
        {safeText(causeOf(saga))}
      </span>
      <span role="cell" className={styles['age']}>
        <Ago at={Date.parse(updatedAt)} />
      </span>
      <span role="cell" className={styles['actions']}>
        {SAGA_ACTIONS.filter((action) => legalActions.includes(action)).map((action) => (
          <Button key={action} onClick={() => open(saga, action)}>
            {action}
            <span className="unseen"> saga {id}</span>
          </Button>
        ))}
      </span>
    </VirtualRow>
  );
}
