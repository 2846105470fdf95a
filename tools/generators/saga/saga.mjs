import { join } from 'node:path';
import { afterwards, formsOf, messagesOf, replaced, textOf, write, writeTemplates } from '../shared.mjs';

const REGISTRY = 'apps/orchestrator/src/sagas.ts';

/** `nx g @backstep/tools:saga NAME --service=SERVICE` */
export default async function saga(tree, { name, service, startsOn = 'OrderPlaced', ...chosen }) {
  const forms = formsOf(name);
  if (tree.exists(`apps/orchestrator/src/${name}`)) throw new Error(`There is a saga ${name} already.`);
  textOf(tree, `apps/${service}/service.json`, `service ${service}`);
  const { Name, snake } = formsOf(service);
  const command = chosen.command ?? `Record${Name}`;
  const done = chosen.done ?? `${Name}Recorded`;
  const refused = chosen.refused ?? `${Name}Refused`;
  mustBe(tree, 'event', startsOn, '--startsOn');
  mustBe(tree, 'command', command, '--command');
  mustBe(tree, 'event', done, '--done');
  mustBe(tree, 'event', refused, '--refused');

  const step = command.replaceAll(/(?<=.)([A-Z])/g, '-$1').toLowerCase();
  const words = { startsOn, command, done, refused, step, failure: `${snake}_refused` };
  await writeTemplates(tree, join(import.meta.dirname, 'files'), 'apps/orchestrator', { ...forms, ...words });
  await write(tree, REGISTRY, registered(textOf(tree, REGISTRY, 'list of sagas'), forms));
  return afterwards(tree, [
    `npm run unit -- apps/orchestrator/src/${name}   its script, at once`,
    'npm run build && node tools/docs.mjs',
    `npm start, then npx backstep sagas --type ${name}`,
  ]);
}

function registered(text, { name, camel }) {
  const list = /sagaRegistry\(\[([^\]]*)\]\)/.exec(text)?.[0];
  if (!list) throw new Error(`${REGISTRY} no longer has sagaRegistry([…]): add ${camel} by hand.`);
  const added = replaced(text, REGISTRY, list, list.replace(/,?\s*\]\)$/, `, ${camel}])`));
  const last = added.lastIndexOf('\nimport ');
  const end = added.indexOf('\n', last + 1) + 1;
  return `${added.slice(0, end)}import { ${camel} } from './${name}/${name}.saga.js';\n${added.slice(end)}`;
}

function mustBe(tree, kind, message, option) {
  const known = messagesOf(tree);
  const found = known.find((one) => one.name === message);
  if (found?.kind === kind) return;
  const wrong = found ? `${message} is no ${kind}` : `there is no message ${message}`;
  const names = known.filter((one) => one.kind === kind).map((one) => one.name);
  throw new Error(
    `${option}: ${wrong}; the ${kind}s are ${names.join(', ')}. \`nx g @backstep/tools:message\` writes one.`,
  );
}
