/**
 * The lint rule `backstep/checked-writes`: TypeORM's own writes go by the key alone, so that they write over what somebody else has written
 * since. What they must not be used for are entities with a version: objects with a number `version`. (Whether that is decorated is not in
 * the types of another package.)
 */
const WRITES = new Set([
  ...['save', 'update', 'upsert', 'increment', 'decrement', 'delete', 'remove'],
  ...['softDelete', 'softRemove', 'restore', 'recover'],
]);
const RECEIVERS = new Set(['Repository', 'TreeRepository', 'EntityManager', 'BaseEntity']);

const isOfTypeOrm = (type) =>
  RECEIVERS.has(type.getSymbol()?.name) &&
  (type.getSymbol()?.declarations ?? []).some((one) => /[\\/]typeorm[\\/]/.test(one.getSourceFile().fileName));

export const checkedWrites = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unchecked:
        "TypeORM's {{ method }}() does not check the version of {{ entity }}: write it with VersionedRepository, or through the unit of work.",
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

    return {
      CallExpression(node) {
        const { callee } = node;
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
        const method = callee.property.name;
        if (!WRITES.has(method)) return;
        const receiver = typeOf(callee.object);
        if (!isOfTypeOrm(receiver)) return;
        const [named] = checker.getTypeArguments(receiver);
        const types = named ? [named] : node.arguments.slice(0, 1).flatMap((one) => entitiesOf(typeOf(one)));
        const entity = types.find(isVersioned);
        if (!entity) return;
        context.report({ node, messageId: 'unchecked', data: { method, entity: checker.typeToString(entity) } });
      },
    };
  },
};
