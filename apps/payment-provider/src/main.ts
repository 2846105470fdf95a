import { runService } from '@backstep/service';
import { PROVIDER_CONFIG } from './config.js';
import { PaymentProviderModule } from './payment-provider.module.js';
import { acceptForms } from './stripe/form.js';

await runService({
  name: 'payment-provider',
  defaultPort: 3006,
  config: PROVIDER_CONFIG,
  module: PaymentProviderModule,
  // The guard of Stripe's API requires a key of its own.
  access: 'public',
  configure: acceptForms,
});
