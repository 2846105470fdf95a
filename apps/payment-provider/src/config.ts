import { type Config, declare, type PlatformConfig, text } from '@backstep/platform';

export const PROVIDER_CONFIG = declare({
  PROVIDER_DATA_FILE: {
    schema: text(),
    default: '.backstep/payment-provider.jsonl',
    description: 'The journal of charges and refunds; its folder is made when missing',
  },
});
export type ProviderConfig = Config<typeof PROVIDER_CONFIG> & PlatformConfig;
