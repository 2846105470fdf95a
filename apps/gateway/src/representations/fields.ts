import { z } from 'zod';

export const Link = z.string().meta({ format: 'uri-reference' });
