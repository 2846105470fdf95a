/**
 * `npm run typecheck`: whether the types of the specs are right, and of whatever else no build looks at. What a build has checked is not checked again:
 * it is read as its declarations, which are all that a project which refers to it sees.
 */
import { join, resolve } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

/** Of everything, and of what runs in browsers. */
const PROGRAMS = ['tsconfig.spec.json', 'apps/console/tsconfig.spec.json'];
const format = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };

await bootstrap();
// In a bare clone it is there only now.
const { default: ts } = await import('typescript');
const projects = read('tsconfig.json').projectReferences;
const built = new Set(projects.flatMap(({ path }) => read(join(path, 'tsconfig.json')).fileNames));
const found = PROGRAMS.flatMap((path) => errorsOf(read(path)));
process.stdout.write(ts.formatDiagnosticsWithColorAndContext(found, format));
process.exitCode = found.length > 0 ? 1 : 0;

function errorsOf({ fileNames, options, errors }) {
  const rootNames = fileNames.filter((name) => !built.has(name));
  const program = ts.createProgram({ rootNames, options, projectReferences: projects });
  return ts.sortAndDeduplicateDiagnostics([...errors, ...ts.getPreEmitDiagnostics(program)]);
}

function read(path) {
  const file = resolve(root, path);
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.formatDiagnostic(error, format));
  return ts.parseJsonConfigFileContent(config, ts.sys, join(file, '..'), undefined, file);
}
