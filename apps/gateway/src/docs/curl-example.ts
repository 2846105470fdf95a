import type { OpenApiDocument, OperationObject } from '../api/openapi-types.js';

/** A command to try an operation with. Path parameters are left as shell variables named for what they are. */
export function curlExample(
  path: string,
  method: string,
  operation: OperationObject,
  { components }: OpenApiDocument,
): string {
  const schema = operation.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? '';
  const [example] = components.schemas[schema]?.examples ?? [];
  const needsKey = operation.parameters.some(
    (parameter) => 'name' in parameter && parameter.name === 'Idempotency-Key',
  );
  return [
    `curl -i${method === 'GET' ? '' : ` -X ${method}`} http://127.0.0.1:3000${path.replaceAll(/\{(\w+)\}/g, '$$$1')}`,
    ...(needsKey ? [`-H "Idempotency-Key: $(uuidgen)"`] : []),
    ...(example === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example)}'`]),
  ].join(' \\\n  ');
}
