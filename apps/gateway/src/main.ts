import { runService } from '@backstep/service';
import { SERVICE } from './service.js';

await runService(SERVICE);
