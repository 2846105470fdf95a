import { type Config, declare, hosts, oneOf, type PlatformConfig, port, text, url } from '@backstep/service';

export const PROVIDER_CONFIG = declare({
  METRICS_PORT: {
    schema: port(),
    default: 9465,
    description: 'Where `/metrics` is served; 0 takes a free port, which the log names',
    own: true,
  },
  PROVIDER_DATA_FILE: {
    schema: text(),
    default: '.backstep/payment-provider.jsonl',
    description: 'The journal of charges and refunds, 0.4 KB each, kept for ever; its folder is made when missing',
  },
  PROVIDER_AILMENT_FILE: {
    schema: text(),
    default: '',
    description:
      'A file that says what ails the provider, and until when, while there is one: `npm start` names one, for the faults that are made in the console',
  },
  WEBHOOK_URL: {
    schema: url('http', 'https'),
    default: '',
    description: "Where webhooks are sent: the gateway's `/v1/webhooks/provider`. When it is not set, none are sent",
  },
  WEBHOOK_SECRET: {
    schema: text({ max: 255 }),
    default: '',
    secret: true,
    description: 'What webhooks are signed with (whsec_…); needed with `WEBHOOK_URL`',
  },
  WEBHOOK_HOSTS: {
    schema: hosts(),
    default: [],
    description: 'Hosts beyond this machine that `WEBHOOK_URL` may name, divided by commas',
  },
  WEBHOOKS: {
    schema: oneOf('unanswered', 'all', 'unruly'),
    default: 'unanswered',
    description:
      'What webhooks are sent of: only charges and refunds whose answer nobody took, or all; `unruly`: all, each twice, late and in any order',
  },
});
export type ProviderConfig = Config<typeof PROVIDER_CONFIG> & PlatformConfig;
