/**
 * Builds the packages whose folders it is given, with those that they refer to, and again whenever one of their sources changes.
 * Started with an IPC channel, to which it sends the number of errors after each build, and with which it ends.
 *
 *   fork('tools/watch-build.mjs', ['apps/order', 'apps/payment'])
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const format = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };

const tell = (diagnostic) => console.log(ts.formatDiagnostic(diagnostic, format).trimEnd());
const silent = () => undefined;
/** "Found 0 errors. Watching for file changes." is what says that everything is built. */
const status = ({ messageText }) => {
  const [, errors] = /^Found (\d+) error/.exec(ts.flattenDiagnosticMessageText(messageText, '\n')) ?? [];
  if (errors !== undefined) process.send({ errors: Number(errors) });
};

const host = ts.createSolutionBuilderWithWatchHost(ts.sys, undefined, tell, silent, status);
const folders = process.argv.slice(2).map((folder) => join(root, folder));
ts.createSolutionBuilderWithWatch(host, folders, {}).build();
process.on('disconnect', () => process.exit());
