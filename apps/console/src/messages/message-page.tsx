import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { addressOf, ProblemError } from '../api/read.js';
import { positionText, selectionOf } from '../lanes/position.js';
import { useKeys } from '../shell/keys.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Empty, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { KafkaProblem } from './kafka-problem.js';
import { MessageDetails } from './message-details.js';
import { isNotWrittenYet, messageQuery } from './messages-queries.js';
import styles from './messages.module.css';

const route = getRouteApi('/messages/$topic/$partition/$offset');

/** One message by its position: that never means another one, so it is what a link should name. */
export function MessagePage() {
  const { topic, partition, offset } = route.useParams();
  const navigate = useNavigate();
  const position = { topic, partition: Number(partition), offset };
  const name = positionText(position);
  const message = useQuery(messageQuery(position));
  useEffect(() => {
    document.title = `${name} · Backstep`;
  }, [name]);
  const step = (by: bigint): void => {
    if (!/^\d{1,19}$/.test(offset) || BigInt(offset) + by < 0n) return;
    const next = String(BigInt(offset) + by);
    void navigate({
      to: '/messages/$topic/$partition/$offset',
      params: { topic, partition, offset: next },
      search: {},
      replace: true,
    });
  };
  const path = { topic: topic as never, partition: partition as never, offset };
  const commands = [`curl -s ${location.origin}${addressOf('/v1/messages/{topic}/{partition}/{offset}', { path })}`];
  useKeys({
    '[': () => step(-1n),
    ']': () => step(1n),
    c: () => void copy(commands[0] ?? '', 'the command'),
    Escape: () => void navigate({ to: '/messages', search: { topic, sel: selectionOf(position) } }),
  });
  const { error } = message;
  return (
    <>
      <header className={`${common['tightHead']} ${styles['head']}`}>
        <p className="muted">
          <Link to="/messages" search={{}}>
            Messages
          </Link>{' '}
          /
        </p>
        <h1 className={common['id']}>
          <span className="unseen">Message </span>
          {safeText(name)}
        </h1>
        <Button shortcut="[" onClick={() => step(-1n)} disabled={offset === '0'}>
          Before
        </Button>
        <Button shortcut="]" onClick={() => step(1n)}>
          After
        </Button>
        <CopyLink />
      </header>
      {message.isPending && <Skeleton />}
      {message.data && (
        <article className={styles['single']} aria-label="Message" tabIndex={0}>
          <MessageDetails key={name} message={message.data} />
        </article>
      )}
      {error && !message.data && isNotWrittenYet(error) && (
        <Empty title="No message is there">
          <p>{safeText(error.message)}</p>
          <p className="muted">Asked again every two seconds, in case it is still to come.</p>
        </Empty>
      )}
      {error && !message.data && error instanceof ProblemError && error.status === 410 && (
        <Empty title="The message is there no more">
          <p>{safeText(error.message)}</p>
          <p>
            <Link to="/messages" search={{ topic, partition: Number(partition), from: 'earliest' }}>
              The oldest that is left
            </Link>
          </p>
        </Empty>
      )}
      {error && !message.data && !isAbsent(error) && (
        <KafkaProblem error={error} retry={() => void message.refetch()} />
      )}
      <Terminal commands={commands} />
    </>
  );
}

const isAbsent = (error: Error): boolean =>
  isNotWrittenYet(error) || (error instanceof ProblemError && error.status === 410);
