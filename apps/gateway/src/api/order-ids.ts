import { z } from 'zod';

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** Ids of orders with commas between; each once, and in the spelling of Kafka's keys. @param must what a wrong text is told that it must be */
export const orderIds = (max: number, must: string) =>
  z
    .string()
    .regex(new RegExp(`^${UUID}(?:,${UUID}){0,${max - 1}}$`), must)
    .transform((text) => [...new Set(text.toLowerCase().split(','))]);
