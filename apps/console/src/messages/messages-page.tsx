import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import type { LogMessage } from '../api/types.js';
import { isSamePosition, positionOf, positionText } from '../lanes/position.js';
import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import { useIsBeside } from '../shell/use-inspector.js';
import { Button } from '../ui/button.js';
import { CopyLink } from '../ui/copy-link.js';
import { copy } from '../ui/copy.js';
import { Banner, Empty, Problem, Skeleton } from '../ui/notices.js';
import common from '../ui/page.module.css';
import { safeText } from '../ui/safe-text.js';
import { Terminal } from '../ui/terminal.js';
import { Ago } from '../ui/time.js';
import { commandsFor } from './commands.js';
import { KafkaProblem } from './kafka-problem.js';
import { MessageDetails } from './message-details.js';
import { MessagesList } from './messages-list.js';
import { apiFilters, messageQuery, messagesQuery } from './messages-queries.js';
import { directionOf, filtersOf, FILTERS, type MessagesSearch, without } from './messages-search.js';
import { QueryBar } from './query-bar.js';
import { SeekBar } from './seek-bar.js';
import { type Following, useFollow } from './use-follow.js';
import { Verdict } from './verdict.js';
import styles from './messages.module.css';

const route = getRouteApi('/messages');

export function MessagesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = messagesQuery(search);
  const pages = useInfiniteQuery(query);
  const read = pages.data?.pages ?? [];
  const filters = filtersOf({ ...search });
  const following = useFollow(filters, JSON.stringify(filters), read[0]?.prevCursor, search.follow === true);
  const found = useMemo(() => (pages.data?.pages ?? []).flatMap(({ items }) => items), [pages.data]);
  const messages = useMemo(() => [...following.state.shown, ...found], [following.state.shown, found]);
  useEffect(() => {
    document.title = 'Messages · Backstep';
  }, []);
  const follow = (isOn: boolean): void => {
    const rest = without(search, 'from', 'direction', 'follow');
    void navigate({ to: '/messages', search: isOn ? { ...rest, follow: true } : rest, replace: true });
  };
  const { act, state } = following;
  const holdOrRelease = (): void => {
    if (!search.follow) return;
    act({ type: state.isHeld ? 'release' : 'hold' });
    announce(state.isHeld ? `${state.waiting.length} new messages are shown.` : 'Held: what comes is counted.');
  };
  const isBeside = useIsBeside();
  const commands = commandsFor(search);
  useKeys({
    f: () => follow(!search.follow),
    // Space moves the list down where nothing is held.
    ...(search.follow && { ' ': holdOrRelease }),
    c: () => void copy(commands[0] ?? '', 'the command'),
  });
  const last = read.at(-1);
  const isLooking = pages.isFetchingNextPage;
  const goOn = pages.hasNextPage ? () => void pages.fetchNextPage() : undefined;
  // A page without a match is not gone on from by itself: it would look through the whole log.
  const more = goOn && !isLooking && !pages.isFetchNextPageError && (last?.items.length ?? 0) > 0 ? goOn : undefined;
  return (
    <>
      <header className={`${common['tightHead']} ${styles['head']}`}>
        <h1>Messages</h1>
        <p className="muted">
          {directionOf(search) === 'backward' ? 'the newest first' : 'the oldest first'}; looking moves nobody’s
          position
          {pages.dataUpdatedAt > 0 && (
            <>
              {' '}
              · as of <Ago at={pages.dataUpdatedAt} />
            </>
          )}
        </p>
        <Button shortcut="f" pressed={search.follow === true} onClick={() => follow(!search.follow)}>
          Follow
        </Button>
        {search.follow && <HoldButton following={following} onClick={holdOrRelease} />}
        <CopyLink />
      </header>
      <QueryBar search={search} again={() => void client.resetQueries({ queryKey: query.queryKey })} />
      <SeekBar search={search} />
      <Verdict pages={read} isLooking={isLooking} goOn={goOn} />
      {following.error && <Banner>What comes is not seen at the moment: {safeText(following.error.message)}</Banner>}
      {state.dropped > 0 && (
        <Banner>Of what came while this page followed, the oldest {state.dropped} are shown no longer.</Banner>
      )}
      {pages.error && <KafkaProblem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isPending && !pages.error && <Skeleton rows={12} />}
      <div className={styles['panes']}>
        {messages.length > 0 && <MessagesList messages={messages} search={search} more={more} />}
        {pages.isSuccess && messages.length === 0 && (
          <NothingFound search={search} isComplete={last?.scanned.complete} />
        )}
        {isBeside && (search.sel !== undefined || messages.length > 0) && (
          <Selected search={search} messages={messages} />
        )}
      </div>
      <Terminal commands={commands} />
    </>
  );
}

function HoldButton({
  following: { state },
  onClick,
}: {
  readonly following: Following;
  readonly onClick: () => void;
}) {
  const waiting = state.waiting.length;
  return (
    <Button shortcut="Space" pressed={state.isHeld} onClick={onClick}>
      {state.isHeld ? `Show ${waiting.toLocaleString('en')} new` : 'Hold'}
    </Button>
  );
}

/** The message that the address names: one of the list, or, where the list does not have it, read by its position. */
function Selected({ search, messages }: { readonly search: MessagesSearch; readonly messages: readonly LogMessage[] }) {
  const position = positionOf(search.sel);
  const listed = position && messages.find((message) => isSamePosition(message, position));
  // A list has long values cut.
  const isWhole = listed !== undefined && !listed.valueTruncated;
  const whole = useQuery({
    ...messageQuery(position ?? { topic: '', partition: 0, offset: '' }),
    enabled: position !== undefined && !isWhole,
  });
  const message = isWhole ? listed : (whole.data ?? listed);
  return (
    <aside className={styles['panel']} aria-label="Selected message">
      {!position && (
        <p className="muted">
          Choose a message: click its position, or <kbd>j</kbd>. What it says, its cause, what followed and who has read
          it are shown here.
        </p>
      )}
      {position && message && <MessageDetails key={positionText(message)} message={message} />}
      {position && !message && whole.isPending && <Skeleton />}
      {position && !message && whole.error && <Problem error={whole.error} retry={() => void whole.refetch()} />}
    </aside>
  );
}

function NothingFound({
  search,
  isComplete,
}: {
  readonly search: MessagesSearch;
  readonly isComplete: boolean | undefined;
}) {
  const isFiltered = Object.keys(apiFilters(search)).length > 0;
  if (!isComplete)
    return (
      <Empty title="Nothing fits so far">
        <p>There is more to look through: “Go on”, above. A key, a topic or a time makes it less.</p>
      </Empty>
    );
  if (isFiltered || search.from !== undefined)
    return (
      <Empty title="No message fits">
        <p>
          <Link to="/messages" search={without(search, ...FILTERS, 'from', 'direction', 'sel')}>
            Clear the filters
          </Link>
        </p>
      </Empty>
    );
  return (
    <Empty title="No message yet">
      <p>Kafka’s topics are empty. This places an order, which makes some, in a terminal:</p>
      <code>npx backstep order place --sku teapot</code>
      <Button onClick={() => void copy('npx backstep order place --sku teapot', 'the command')}>Copy</Button>
    </Empty>
  );
}
