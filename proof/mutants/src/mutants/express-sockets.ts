import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const FOLDER = 'libs/messaging/src/express-socket';
const GATE = `${FOLDER}/gate.ts`;
const IDENTITY = `${FOLDER}/identity.ts`;
const SERVER = `${FOLDER}/server.ts`;
const PEER = `${FOLDER}/peer.ts`;

const PASSES = spec(`${FOLDER}/when-a-message-passes-the-gate.unit.spec.ts`);
const MEET = spec(`${FOLDER}/when-processes-meet.unit.spec.ts`);
const PROOFS = spec(`${FOLDER}/when-a-process-proves-who-it-is.unit.spec.ts`);
const NAMES = spec(`${FOLDER}/how-groups-are-named.unit.spec.ts`);
const READERS = spec('libs/unit-of-work/src/express/when-readers-are-here-and-elsewhere.unit.spec.ts');
const OF_ALL = spec('libs/messaging/src/when-a-process-has-no-express.unit.spec.ts');

/** What keeps order between processes that hand over, and who may hand over what. */
export const EXPRESS_SOCKETS: readonly Mutant[] = [
  {
    name: 'gate-without-numbers',
    prevents: 'A message overtakes an earlier one of its sender that got lost on the connection.',
    edits: [{ file: GATE, find: 'this.next.get(lane) === number;', replace: 'number > 0;' }],
    check: PASSES,
  },
  {
    name: 'gap-without-barrier',
    prevents: 'What follows a message that got lost is handed over as soon as another sender\u2019s barrier has come.',
    edits: [
      { file: GATE, find: 'else lane.skip(message.id);', replace: 'else lane.close();' },
      {
        file: GATE,
        find: "if (taken === 'handed-over' || lane.knows(message.id))",
        replace: "if (taken === 'handed-over' || lane.knows(message.id) || !isNext)",
      },
    ],
    check: PASSES,
  },
  {
    name: 'gate-open-behind-what-is-not-kept',
    prevents: 'A message overtakes an earlier one of its sender that the lane did not keep.',
    edits: [
      {
        file: GATE,
        find: "if (taken === 'handed-over' || lane.knows(message.id)) this.next.set(lane, number + 1);",
        replace: "if (taken !== 'not-here') this.next.set(lane, number + 1);",
      },
    ],
    check: PASSES,
  },
  {
    name: 'kafka-alone-without-a-number',
    prevents: 'What is handed over to another process overtakes a message that went by Kafka alone.',
    edits: [
      {
        file: 'libs/unit-of-work/src/express/to-readers.ts',
        find: `    this.readers.elsewhere?.count(message);
    for`,
        replace: '    for',
      },
    ],
    check: READERS,
  },
  {
    name: 'express-though-another-has-none',
    prevents:
      'What a process without express has just sent is overtaken by what another process of its service hands over.',
    edits: [
      {
        file: 'libs/messaging/src/express.ts',
        find: 'if (allHaveIt && !isOver())',
        replace: 'if (!isOver())',
      },
    ],
    check: OF_ALL,
  },
  {
    name: 'peer-in-the-name-of-another',
    prevents: 'A service that was broken into says what another service says.',
    edits: [{ file: SERVER, find: "if (headers['ce_source'] !== service)", replace: "if (!headers['ce_source'])" }],
    check: MEET,
  },
  {
    name: 'peer-on-the-topic-of-another',
    prevents: 'A service hands over on a topic that Kafka lets it not write.',
    edits: [{ file: SERVER, find: 'if (!parts.mayWrite(service, topic))', replace: "if (topic === '')" }],
    check: MEET,
  },
  {
    name: 'writers-of-everything',
    prevents: 'Every service of a system may hand over on every topic of it.',
    edits: [
      {
        file: `${FOLDER}/groups.ts`,
        find: 'writers.get(topic) === service;',
        replace: 'writers.has(topic) && !!service;',
      },
    ],
    check: NAMES,
  },
  {
    name: 'peer-with-a-key-of-another-shard',
    prevents: 'A message is handled by a process that does not own its key.',
    edits: [{ file: SERVER, find: 'if (parts.shardOf(key) !== shard)', replace: 'if (parts.shardOf(key) < 0)' }],
    check: MEET,
  },
  {
    name: 'peer-without-a-proof',
    prevents: 'Whoever shows the key of a process counts as that process.',
    edits: [
      {
        file: SERVER,
        find: "if (!isProved('client', transcript, body.toString()))",
        replace: "if (!isProved('client', transcript, body.toString()) && body.length === 0)",
      },
    ],
    check: MEET,
  },
  {
    name: 'peer-before-its-proof',
    prevents: 'Whoever says the name of a service hands over for it.',
    edits: [
      {
        file: SERVER,
        find: 'if (this.service !== undefined && kind === FRAME.message) return this.message(this.service, body);',
        replace: `const named = this.service ?? this.transcript?.client.service;
    if (named !== undefined && kind === FRAME.message) return this.message(named, body);`,
      },
    ],
    check: MEET,
  },
  {
    name: 'peer-that-no-group-knows',
    prevents: 'Whoever makes up a key hands over for any service.',
    edits: [{ file: SERVER, find: 'if (!isMember) return', replace: "if (!isMember && key === '') return" }],
    check: MEET,
  },
  {
    name: 'peer-that-has-left-its-group',
    prevents: 'A process hands over after Kafka has taken it out of its group.',
    edits: [
      {
        file: SERVER,
        find: 'if (!this.parts.directory.knows(this.service, this.transcript.client.key))',
        replace: "if (this.transcript.client.key === '')",
      },
    ],
    check: MEET,
  },
  {
    name: 'reader-that-nobody-named',
    prevents: 'Messages go to whoever listens where a process listened before.',
    edits: [
      {
        file: PEER,
        find: 'if (server.key !== address.key || server.service !== service)',
        replace: "if (server.key === '' || server.service !== service)",
      },
    ],
    check: MEET,
  },
  {
    name: 'reader-without-a-proof',
    prevents: 'Messages go to whoever shows the key of the process that Kafka names.',
    edits: [
      {
        file: PEER,
        find: "if (!isProved('server', transcript, signature))",
        replace: "if (!isProved('server', transcript, signature) && signature === '')",
      },
    ],
    check: MEET,
  },
  {
    name: 'proof-by-another-key',
    prevents: 'A proof holds that was made with another key than it names.',
    edits: [
      {
        file: IDENTITY,
        find: "return verify(null, textOf(role, transcript), key, Buffer.from(signature, 'base64url'));",
        replace:
          "return key.type === 'public' || verify(null, textOf(role, transcript), key, Buffer.from(signature, 'base64url'));",
      },
    ],
    check: PROOFS,
  },
  {
    name: 'proof-for-either-end',
    prevents: 'A process is given its own proof back, and takes it for that of its peer.',
    edits: [
      {
        file: IDENTITY,
        find: 'VERSION, role, client.service,',
        replace: 'VERSION, role.slice(0, 0), client.service,',
      },
    ],
    check: PROOFS,
  },
  {
    name: 'proof-for-any-connection',
    prevents: 'A proof that was overheard holds again.',
    edits: [
      { file: IDENTITY, find: 'client.key, client.nonce],', replace: 'client.key],' },
      { file: IDENTITY, find: 'server.key, server.nonce, channel],', replace: 'server.key, channel],' },
    ],
    check: PROOFS,
  },
  {
    name: 'proof-for-any-channel',
    prevents: 'A service that has the token stands between two others, and passes their proofs on.',
    edits: [{ file: IDENTITY, find: 'server.nonce, channel],', replace: 'server.nonce, channel.slice(0, 0)],' }],
    check: PROOFS,
  },
  {
    name: 'proof-without-the-peer',
    prevents: 'A proof that was made for one process is passed on to another.',
    edits: [
      {
        file: IDENTITY,
        find: '...[server.service, server.key,',
        replace: '...[server.service, server.key.slice(0, 0),',
      },
    ],
    check: PROOFS,
  },
];
