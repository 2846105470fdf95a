import { type Config, declare, type PlatformConfig, port, text } from '@backstep/service';

export const PROVIDER_CONFIG = declare({
  METRICS_PORT: {
    schema: port(),
    default: 9465,
    description: 'Where `/metrics` is served; 0 takes a free port, which the log names',
  },
  PROVIDER_DATA_FILE: {
    schema: text(),
    default: '.backstep/payment-provider.jsonl',
    description: 'The journal of charges and refunds, 0.4 KB each, kept for ever; its folder is made when missing',
  },
});
export type ProviderConfig = Config<typeof PROVIDER_CONFIG> & PlatformConfig;
