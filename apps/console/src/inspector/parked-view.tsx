import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { addressOf } from '../api/read.js';
import type { ParkedSummary } from '../api/types.js';
import { positionText } from '../lanes/position.js';
import { MessageDetails } from '../parked/parked-message.js';
import type { ParkedSearch } from '../parked/parked-search.js';
import { parkedQuery } from '../parked/queries.js';
import { safeText } from '../ui/safe-text.js';
import { Status } from '../ui/status.js';
import { Fact, Facts, Moment, Thing } from './parts.js';

interface Props {
  readonly id: string;
  /** The list that it is selected in: the page has asked for it already. */
  readonly list: ParkedSearch;
}

/** A parked message: what its row opens where there is no inspector. */
export function ParkedView({ id, list }: Props) {
  const pages = useInfiniteQuery(parkedQuery(list));
  const message = pages.data?.pages.flatMap(({ items }) => items).find((one) => one.id === id);
  const navigate = useNavigate();
  const commands = [
    ...(message ? [settleText(message)] : []),
    `curl -s '${location.origin}${addressOf('/v1/parked/{messageId}', {
      path: { messageId: id },
      query: { ...(message && { service: message.service }) },
    })}'`,
  ];
  return (
    <Thing
      kind={message?.type ? safeText(message.type) : 'Parked message'}
      link={message ? <Record of={message} /> : <code>{id}</code>}
      commands={commands}
      error={null}
      retry={() => void pages.refetch()}
    >
      {message ? (
        <>
          <Facts>
            <Fact name="State">
              <Status of={message.state} /> at {message.service}
            </Fact>
            <Fact name="Cause">
              <code>{safeText(message.cause)}</code>
            </Fact>
            <Fact name="Parked">
              <Moment at={message.parkedAt} />
            </Fact>
          </Facts>
          <MessageDetails
            message={message}
            act={(action) => void navigate({ to: '/parked', search: { ...list, sel: id, do: action }, replace: true })}
          />
        </>
      ) : (
        pages.isSuccess && <p className="muted">It is not in this list: above the list is said where it is.</p>
      )}
    </Thing>
  );
}

const Record = ({ of: { topic, partition, offset } }: { readonly of: ParkedSummary }) => (
  <Link
    to="/messages/$topic/$partition/$offset"
    params={{ topic, partition: String(partition), offset }}
    search={{}}
    className="mono"
  >
    {safeText(positionText({ topic, partition, offset }))}
  </Link>
);

const settleText = ({ id, service, cut }: ParkedSummary): string =>
  `npx backstep parked ${cut ? 'discard' : 'replay'} ${id} --service ${service} --dry-run`;
