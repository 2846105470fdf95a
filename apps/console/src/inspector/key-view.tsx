import { useQuery } from '@tanstack/react-query';
import { commandsFor } from '../contention/commands.js';
import { keyOf } from '../contention/contention-search.js';
import { hotOf } from '../contention/heat.js';
import { KeyPanel } from '../contention/key-panel.js';
import { contentionQuery } from '../contention/queries.js';
import { useIsTold } from '../stream/use-stream.js';
import { Terminal } from '../ui/terminal.js';
import styles from './inspected.module.css';

/** A key that writes lose to each other: how it is taken, since when and why, as the page has it below its list. */
export function KeyView({ sel }: { readonly sel: string }) {
  const { data } = useQuery(contentionQuery(useIsTold()));
  const key = keyOf(sel);
  if (!key) return null;
  return (
    <>
      <h2 className={styles['title']}>Key</h2>
      <KeyPanel of={key} listed={data && hotOf(data, sel)} takenAt={data?.takenAt} />
      <Terminal commands={commandsFor(sel)} />
    </>
  );
}
