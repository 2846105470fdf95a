import type { OpenApiDocument, OperationObject, ParameterObject } from '../api/openapi-types.js';

const BASE = 'http://127.0.0.1:3000';

/** A sample that `npm start` lists; for a PUT a new one. */
const SAMPLE_SKU = 'mug-blue';
const NEW_SKU = 'mug-green';
/** Of parameters that have the same value in every system. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ name: 'notice', topic: 'order.events', partition: '0', offset: '0', groupId: 'backstep.order' },
  ...{ service: 'inventory', entity: 'Stock', key: SAMPLE_SKU },
};

/** Parameters that are shell variables in an example. Everything else works as it is written. */
export const SHELL_VARIABLES = [
  'orderId',
  'customerId',
  'paymentIntentId',
  'accountId',
  'transferId',
  'sagaId',
  'version',
  'messageId',
  'faultId',
  'file',
] as const;

/** Values of required headers. */
const HEADERS: Readonly<Record<string, string>> = {
  'Idempotency-Key': `'Idempotency-Key: my-first-order'`,
  'X-Operator': `'X-Operator: ada'`,
  'If-Match': String.raw`"If-Match: \"v$version\""`,
};

/** A curl command for an operation. Ids are shell variables. */
export function curlExample(
  path: string,
  method: string,
  operation: OperationObject,
  { components }: OpenApiDocument,
): string {
  const schema = operation.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? '';
  const [example] = components.schemas[schema]?.examples ?? [];
  const required = operation.parameters.filter(
    (parameter): parameter is ParameterObject => 'name' in parameter && parameter.in === 'header' && parameter.required,
  );
  const sku = method === 'PUT' ? NEW_SKU : SAMPLE_SKU;
  const url =
    BASE + path.replaceAll('{sku}', sku).replaceAll(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? `$${name}`);
  return [
    `curl -i${method === 'GET' ? '' : ` -X ${method}`} ${url}`,
    ...required.map(({ name }) => `-H ${HEADERS[name] ?? `'${name}: …'`}`),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example, null, 2).replaceAll('\n', '\n  ')}'`]),
  ].join(' \\\n  ');
}
