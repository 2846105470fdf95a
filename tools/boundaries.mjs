/**
 * The architecture as a table: which package may import which. Lint holds it (eslint.config.mjs), and docs/architecture.md shows it.
 * Below, a package is named by its folder.
 */

/** The kit: what each of its packages may import of the others. Specs may use `testing` beside. */
export const KIT = {
  resilience: [],
  stores: [],
  messages: ['redaction'],
  problems: ['resilience'],
  redaction: [],
  concurrency: ['resilience'],
  inbox: ['concurrency', 'messages'],
  outbox: ['concurrency', 'messages', 'resilience'],
  'unit-of-work': ['concurrency', 'inbox', 'messages', 'outbox', 'resilience'],
  idempotency: ['concurrency', 'messages', 'messaging', 'outbox', 'problems', 'unit-of-work'],
  // Outbox for its specs alone.
  locks: ['concurrency', 'messaging', 'outbox', 'resilience', 'unit-of-work'],
  kafka: ['messages', 'resilience'],
  service: ['messages', 'problems', 'redaction', 'resilience'],
  messaging: ['concurrency', 'inbox', 'kafka', 'messages', 'outbox', 'problems', 'resilience', 'unit-of-work'],
  lanes: ['concurrency', 'locks', 'messages', 'messaging', 'outbox', 'problems', 'resilience', 'unit-of-work'],
  saga: ['concurrency', 'inbox', 'messages', 'messaging', 'outbox', 'problems', 'resilience', 'unit-of-work'],
  // Concurrency for its specs alone.
  'service-messaging': ['concurrency', 'kafka', 'messages', 'messaging', 'service', 'unit-of-work'],
};

/** What a room may import beside itself. `contracts` is the one package of the shop that others of the shop import. */
export const ROOMS = {
  libs: { holds: 'the kit', imports: [] },
  apps: { holds: 'the shop', imports: ['libs'] },
  proof: { holds: 'the proof', imports: ['libs', 'apps', 'tools'] },
  tools: { holds: 'the tools', imports: ['libs', 'apps', 'proof'] },
};

const scope = (name) => `scope:${name}`;

/** The same for `@nx/enforce-module-boundaries`. */
export const CONSTRAINTS = [
  ...Object.entries(KIT).map(([name, allowed]) => ({
    sourceTag: scope(name),
    onlyDependOnLibsWithTags: [...allowed, 'testing'].map(scope),
  })),
  // A host is no service: it puts several into one process.
  { sourceTag: 'room:host', onlyDependOnLibsWithTags: ['room:kit', 'room:shop', scope('testing')] },
  // A page runs elsewhere: of ours it knows types.
  { sourceTag: 'room:page', onlyDependOnLibsWithTags: [scope('contracts'), scope('testing')] },
  { sourceTag: 'room:shop', onlyDependOnLibsWithTags: ['room:kit', scope('contracts'), scope('testing')] },
  { sourceTag: 'room:proof', onlyDependOnLibsWithTags: ['room:kit', 'room:shop', 'room:proof', 'room:tools'] },
  { sourceTag: 'room:tools', onlyDependOnLibsWithTags: ['room:kit', 'room:shop', 'room:proof', 'room:tools'] },
];
