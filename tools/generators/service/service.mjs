import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextPort } from '../../services/declarations.mjs';
import { afterwards, filled, formsOf, messagesOf, textOf, write, writeTemplates } from '../shared.mjs';

const here = import.meta.dirname;

/** `nx g @backstep/tools:service NAME` */
export default async function service(tree, { name, port }) {
  const forms = formsOf(name);
  if (tree.exists(`apps/${name}`)) throw new Error(`There is a service ${name} already: apps/${name}.`);
  const declared = tree
    .children('apps')
    .filter((folder) => tree.exists(`apps/${folder}/service.json`))
    .map((folder) => JSON.parse(tree.read(`apps/${folder}/service.json`, 'utf8')));
  const messages = `apps/contracts/src/messages/${name}.ts`;
  const taken = messagesOf(tree).find((one) =>
    [`Record${forms.Name}`, `${forms.Name}Recorded`, `${forms.Name}Refused`].includes(one.name),
  );
  if (taken) throw new Error(`There is a message ${taken.name} already, in ${taken.file}: choose another name.`);

  await write(
    tree,
    `apps/${name}/service.json`,
    JSON.stringify(declarationOf(name, forms, port ?? nextPort(declared))),
  );
  const like = (file) => JSON.parse(textOf(tree, `apps/shipment/${file}`, 'service to take its settings from'));
  const manifest = like('package.json');
  const nx = { ...manifest.nx, name, tags: ['room:shop', `scope:${name}`] };
  // Dependencies and references follow from its imports: tools/packages.mjs writes them.
  tree.write(
    `apps/${name}/package.json`,
    json({ ...manifest, name: `@backstep/${name}`, dependencies: {}, devDependencies: {}, nx }),
  );
  tree.write(`apps/${name}/tsconfig.json`, json({ ...like('tsconfig.json'), references: [] }));
  await writeTemplates(tree, join(here, 'files'), `apps/${name}`, forms);
  await write(tree, messages, filled(readFileSync(join(here, 'messages/messages.ts.template'), 'utf8'), forms));
  return afterwards(tree, [
    `npm run unit -- apps/${name}                       its handler's spec, at once`,
    `npx nx g @backstep/tools:saga NAME --service=${name}   a saga that asks it`,
    'npm run build && node tools/docs.mjs              the schemas of its messages, the documents',
    'npm start',
  ]);
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const declarationOf = (name, { snake }, port) => ({
  $schema: '../../tools/services/service.schema.json',
  name,
  port,
  database: `backstep_${snake}`,
  consumes: [`${name}.commands`],
  provides: [`${name}.events`],
});
