import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const SCAN = 'libs/kafka/src/reader/log-scan.ts';
const SCANNED = spec('libs/kafka/src/reader/what-a-scan-meets.unit.spec.ts');
const FILTER = 'apps/gateway/src/list-messages/message-filter.ts';
const SHOWN = 'apps/gateway/src/representations/log-message.ts';
const FILTERED = spec('apps/gateway/src/list-messages/what-a-filter-finds.unit.spec.ts');
const WHOLE = 'apps/gateway/src/order-events/whole.ts';
const LOG = 'apps/gateway/src/order-events/order-log.ts';
const LAG = 'apps/console/src/topics/lag.ts';

/** Looking into Kafka: what is found, what is said of how far was looked, and what stays hidden. */
export const LOOKING: readonly Mutant[] = [
  {
    name: 'what-is-near-is-called-whole',
    prevents:
      'Where a broker’s clock is behind, an order is shown without messages that it has, as if there were none.',
    edits: [
      {
        file: WHOLE,
        find: 'const isCauseThere = cause === undefined || ids.has(cause);',
        replace: 'const isCauseThere = true;',
      },
    ],
    check: spec('apps/gateway/src/order-events/when-messages-of-an-order-are-missing.unit.spec.ts'),
  },
  {
    name: 'only-what-is-near-is-read',
    prevents: 'Where Kafka’s clock is some seconds behind that of the orders, an order is shown without any message.',
    edits: [
      {
        file: LOG,
        find: 'return isWhole(near.messages) ? near : ',
        replace: 'return isWhole(near.messages) || window ? near : ',
      },
    ],
    check: spec('apps/gateway/src/read-evidence/when-an-order-is-looked-into.int.spec.ts'),
  },
  {
    name: 'a-page-back-skips-what-it-did-not-read',
    prevents: 'Whoever looks back through large records misses some, and is told that all were looked at.',
    edits: [{ file: SCAN, find: "if (!isWhole && this.direction === 'backward') return;", replace: '' }],
    check: SCANNED,
  },
  {
    name: 'a-scan-that-stopped-is-called-complete',
    prevents: 'A filter that has looked at a part finds nothing, and says that there is nothing.',
    edits: [
      {
        file: SCAN,
        find: 'complete: windows.every((window) => window.isDone),',
        replace: 'complete: windows.every((window) => window.isDone) || items.length === 0,',
      },
    ],
    check: SCANNED,
  },
  {
    name: 'a-filter-finds-what-is-hidden',
    prevents: 'Whoever may look at messages learns a payment method, by asking for one text after the other.',
    edits: [
      {
        file: FILTER,
        find: "return (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase().includes(wanted);",
        replace: "return JSON.stringify(JSON.parse(record.value ?? 'null')).toLowerCase().includes(wanted);",
      },
    ],
    check: FILTERED,
  },
  {
    name: 'a-secret-in-bytes-is-shown',
    prevents: 'A record that is no text shows a password that is written in it.',
    edits: [
      {
        file: SHOWN,
        find: "if (redactText(text) !== text) return { value: REDACTED, valueFormat: 'binary', valueTruncated: true };",
        replace: '',
      },
    ],
    check: FILTERED,
  },
  {
    name: 'an-unknown-lag-counts-as-none',
    prevents: 'A group of which nobody knows how far it is looks as if it were not behind.',
    edits: [
      {
        file: LAG,
        find: '(total === null || one === null ? null : total + one)',
        replace: '(total === null ? null : total + (one ?? 0))',
      },
    ],
    check: spec('apps/console/src/topics/what-is-said-of-lag.unit.spec.ts'),
  },
  {
    name: 'an-order-tells-how-it-is-paid',
    prevents: "Whoever knows an order's id learns its payment method, and pays with it.",
    edits: [
      {
        file: 'apps/gateway/src/order-events/order-events.controller.ts',
        find: "import { shownMessage } from '../representations/shown-message.js';",
        replace: "import { toOrderMessage as shownMessage } from '../representations/order-message.js';",
      },
    ],
    check: spec('apps/gateway/src/order-events/when-an-order-is-watched.int.spec.ts'),
  },
  {
    name: 'a-parked-message-tells-how-it-is-paid',
    prevents: 'An operator who looks at a parked message reads a payment method and an address.',
    edits: [
      {
        file: 'apps/gateway/src/representations/shown-text.ts',
        find: 'return shown === whole ? text : shown;',
        replace: 'return shown === whole ? shown : text;',
      },
    ],
    check: spec('apps/gateway/src/representations/what-is-hidden-in-a-message.unit.spec.ts'),
  },
];
