const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

/** Where the database and Kafka are. */
export const settings = () => ({
  database: { url: setting('DATABASE_URL') },
  kafka: { brokers: setting('KAFKA_BROKERS').split(',') },
});
