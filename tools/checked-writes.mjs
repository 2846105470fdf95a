import ts from 'typescript';

/**
 * The lint rule `backstep/checked-writes`: TypeORM's own writes go by the key alone, so that they write over what somebody else has written
 * since; and so does an UPDATE by hand. What they must not be used for are entities with a version: objects with a number `version`. (Whether
 * that is decorated is not in the types of another package.)
 *
 * An UPDATE of such an entity's table must name the version, to compare it or to count it. Its table is known where `@Entity('…')` is in the same
 * project. With `{ sql: false }` SQL is left alone: specs write as other programs do.
 */
const WRITES = new Set([
  ...['save', 'update', 'upsert', 'increment', 'decrement', 'delete', 'remove'],
  ...['softDelete', 'softRemove', 'restore', 'recover'],
]);
const RECEIVERS = new Set(['Repository', 'TreeRepository', 'EntityManager', 'BaseEntity']);
/** `createQueryBuilder().update(Loaf)`, `createQueryBuilder().delete().from(Loaf)`. */
const BUILT = {
  SelectQueryBuilder: new Set(['update', 'delete', 'softDelete', 'restore']),
  DeleteQueryBuilder: new Set(['from']),
  SoftDeleteQueryBuilder: new Set(['from']),
};

const isOfTypeOrm = (type) =>
  (type.getSymbol()?.declarations ?? []).some((one) => /[\\/]typeorm[\\/]/.test(one.getSourceFile().fileName));

const writes = (type, method) => {
  const name = type.getSymbol()?.name ?? '';
  return isOfTypeOrm(type) && ((RECEIVERS.has(name) && WRITES.has(method)) || BUILT[name]?.has(method));
};

const UPDATED = /\bUPDATE\s+(?:ONLY\s+)?"?(\w+)"?/gi;

/** By program: the tables of its entities with a version. */
const tables = new WeakMap();

function versionedTables(program, isVersioned) {
  let found = tables.get(program);
  if (found) return found;
  tables.set(program, (found = new Set()));
  const checker = program.getTypeChecker();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.text.includes('@Entity(')) continue;
    for (const statement of file.statements) {
      if (!ts.isClassDeclaration(statement)) continue;
      const table = tableOf(statement);
      if (table && isVersioned(checker.getTypeAtLocation(statement))) found.add(table);
    }
  }
  return found;
}

/** The name in `@Entity('…')` of a class. */
function tableOf(declaration) {
  for (const { expression } of ts.getDecorators(declaration) ?? []) {
    if (!ts.isCallExpression(expression) || expression.expression.getText() !== 'Entity') continue;
    const [name] = expression.arguments;
    if (name && ts.isStringLiteral(name)) return name.text;
  }
  return undefined;
}

export const checkedWrites = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { sql: { type: 'boolean' } }, additionalProperties: false }],
    messages: {
      unchecked:
        "TypeORM's {{ method }}() does not check the version of {{ entity }}: write it with VersionedRepository, or through the unit of work.",
      uncounted:
        'This UPDATE of {{ table }} neither compares nor counts the version of its rows: write them with VersionedRepository or through the unit of work, take them with claim(), or count the version.',
    },
  },
  create(context) {
    const { parserServices: services } = context.sourceCode;
    if (!services?.program) return {};
    const checker = services.program.getTypeChecker();
    const typeOf = (node) => services.getTypeAtLocation(node);

    /** The entities that a value stands for: an entity, its class, an array, or one of several. */
    const entitiesOf = (type) => {
      if (type.isUnion()) return type.types.flatMap(entitiesOf);
      const made = type.getConstructSignatures().map((signature) => signature.getReturnType());
      if (made.length > 0) return made;
      const item = checker.isArrayType(type) || checker.isTupleType(type) ? checker.getTypeArguments(type) : [];
      return item.length > 0 ? item.flatMap(entitiesOf) : [type];
    };
    const isVersioned = (type) => {
      const version = type.getProperty('version');
      return version !== undefined && checker.typeToString(checker.getTypeOfSymbol(version)) === 'number';
    };
    const checkSql = (node, text) => {
      if (context.options[0]?.sql === false || !text.includes('UPDATE') || /version/i.test(text)) return;
      const versioned = versionedTables(services.program, isVersioned);
      for (const [, table] of text.matchAll(UPDATED)) {
        if (versioned.has(table)) context.report({ node, messageId: 'uncounted', data: { table } });
      }
    };

    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        const method = callee.property.name;
        const receiver = typeOf(callee.object);
        if (!writes(receiver, method)) return;
        const named = checker.getTypeArguments(receiver).slice(0, 1);
        const types = [...named, ...node.arguments.slice(0, 1).flatMap((one) => entitiesOf(typeOf(one)))];
        const entity = types.find(isVersioned);
        if (!entity) return;
        context.report({ node, messageId: 'unchecked', data: { method, entity: checker.typeToString(entity) } });
      },
      Literal: (node) => typeof node.value === 'string' && checkSql(node, node.value),
      TemplateLiteral: (node) => checkSql(node, node.quasis.map(({ value }) => value.cooked ?? '').join(' ')),
    };
  },
};
