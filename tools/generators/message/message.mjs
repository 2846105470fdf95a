import { afterwards, formsOf, messagesOf, replaced, textOf, write } from '../shared.mjs';

const EXAMPLES = 'apps/contracts/src/derived/examples.ts';
const NAME = /^[A-Z][A-Za-z0-9]*$/;
/** Whoever says no says why: a saga shows it. */
const REASON = 'reason:text';
const FIELD = /^([a-z][A-Za-z0-9]*):(\w+)$/;

/** What a field can be: its schema, and an example of it. */
const TYPES = {
  integer: { schema: 'z.int().min(0)', example: '1' },
  text: { schema: 'z.string().max(500)', example: "'an example'" },
  boolean: { schema: 'z.boolean()', example: 'true' },
  id: { schema: 'z.uuid()', example: "'019a3f5e-7cc0-7d44-8d35-2e6a0f9c8b11'" },
};

/** `nx g @backstep/tools:message NAME --service=SERVICE --kind=command|event`; a command's answers are written with it. */
export default async function message(tree, { name, service, kind, fields, done, doneFields, refused }) {
  formsOf(service);
  textOf(tree, `apps/${service}/service.json`, `service ${service}`);
  if (kind === 'event' && (done ?? refused)) throw new Error(`--done, --refused: only a command has answers.`);
  if (doneFields && !done) throw new Error('--doneFields: they are of an event that --done names.');
  const known = messagesOf(tree);
  const all = [
    { name, kind, fields: fieldsOf('--fields', fields) },
    ...(done ? [{ name: done, kind: 'event', fields: fieldsOf('--doneFields', doneFields) }] : []),
    ...(refused ? [{ name: refused, kind: 'event', fields: fieldsOf('--refused', REASON) }] : []),
  ];
  for (const one of all) mustBeNew(known, one.name);

  const path = `apps/contracts/src/messages/${service}.ts`;
  let text = tree.exists(path) ? tree.read(path, 'utf8') : '';
  for (const one of all) text = withImports(text, one.kind) + declaration(service, one);
  await write(tree, path, text);
  const examples = all.flatMap((one) => one.fields).reduce(withExample, textOf(tree, EXAMPLES, 'list of examples'));
  await write(tree, EXAMPLES, examples);
  return afterwards(tree, [
    `write the summary in ${path}`,
    kind === 'command' ? `a handler in apps/${service}: see docs/add-a-service.md` : 'a handler that tells it',
    'npm run build && node tools/docs.mjs',
  ]);
}

function mustBeNew(known, name) {
  if (!NAME.test(name)) throw new Error(`The name must be words such as GrantPoints, not ${JSON.stringify(name)}.`);
  const taken = known.find((one) => one.name === name);
  if (taken) throw new Error(`There is a message ${name} already, in ${taken.file}.`);
}

const fieldsOf = (option, text = '') =>
  text
    .split(',')
    .filter(Boolean)
    .map((one) => fieldOf(option, one));

function fieldOf(option, text) {
  const [, name, type] = FIELD.exec(text.trim()) ?? [];
  if (TYPES[type]) return { name, ...TYPES[type] };
  throw new Error(
    `${option}: ${text} must be a name and one of ${Object.keys(TYPES).join(', ')}, such as points:integer`,
  );
}

/** The file begins with what the declaration needs, whether or not it had it. */
function withImports(text, kind) {
  const needs = [
    ['@backstep/messages', kind],
    ['zod', 'z'],
    ['../fields.js', 'OrderId'],
  ];
  return needs.reduce((done, [from, name]) => {
    const line = new RegExp(`import \\{([^}]*)\\} from '${from}';\n`).exec(done);
    if (!line) return `import { ${name} } from '${from}';\n${done}`;
    const names = line[1].split(',').map((one) => one.trim());
    const all = [...new Set([...names.filter(Boolean), name])].sort();
    return done.replace(line[0], `import { ${all.join(', ')} } from '${from}';\n`);
  }, text);
}

const declaration = (service, { name, kind, fields }) => `
export const ${name} = ${kind}('${service}', '${name}', {
  key: 'orderId',
  summary: '${sentence(name)}',
  data: z.object({ orderId: OrderId${fields.map(({ name: field, schema }) => `, ${field}: ${schema}`).join('')} }),
});
`;

/** GrantPoints: "Grant points." */
const sentence = (name) =>
  `${name[0]}${name
    .slice(1)
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase()}.`;

/** A field that has an example already keeps it: it has one value in all messages. */
function withExample(text, { name, example }) {
  if (new RegExp(`^  ${name}:`, 'm').test(text)) return text;
  const start = text.indexOf('const FIELDS');
  const end = text.indexOf('\n};', start);
  if (start < 0 || end < 0) throw new Error(`${EXAMPLES} no longer has FIELDS: add the example of ${name} by hand.`);
  return replaced(text, EXAMPLES, text.slice(start, end), `${text.slice(start, end)}\n  ${name}: ${example},`);
}
