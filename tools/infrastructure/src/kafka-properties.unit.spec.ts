import { describe, expect, it } from '@jest/globals';
import {
  KAFKA_SETTINGS,
  kafkaEnvironment,
  kafkaProperties,
  kafkaVariable,
  renderProperties,
} from './kafka-properties.js';

/** Goal: a broker under Java and one in a container are told the same, each in its own way. */
const properties = kafkaProperties({
  bind: '0.0.0.0',
  port: 9092,
  advertised: '127.0.0.1:19092',
  controllerPort: 9093,
  logDir: 'C:\\data\\kafka',
});

describe("Kafka's properties", () => {
  it('Kafka’s properties are the same as a file and as an environment', () => {
    const lines = renderProperties(properties).trimEnd().split('\n');
    const inFile = lines.map((line) => kafkaVariable(line.slice(0, line.indexOf('='))));
    expect(inFile).toEqual(Object.keys(kafkaEnvironment(properties)));
    expect(lines).toContain('num.io.threads=4');
    expect(kafkaEnvironment(properties)).toMatchObject({ KAFKA_NUM_IO_THREADS: '4' });
  });

  it('Kafka’s properties have environment names that the image reads back', () => {
    expect(['abc.def', 'abc-def', 'abc_def'].map(kafkaVariable)).toEqual([
      'KAFKA_ABC_DEF',
      'KAFKA_ABC___DEF',
      'KAFKA_ABC__DEF',
    ]);
  });

  it('Kafka’s properties have no backslash, which a file would take for an escape', () => {
    expect(renderProperties(properties)).toContain('log.dirs=C:/data/kafka\n');
  });

  it('Kafka’s properties have the shared settings wherever the broker runs', () => {
    expect(properties).toMatchObject(KAFKA_SETTINGS);
    expect(properties).toMatchObject({
      listeners: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:19092',
    });
  });
});
