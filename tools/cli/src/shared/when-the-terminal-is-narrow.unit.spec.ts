import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { HOST } from '@backstep/infrastructure';
import fc from 'fast-check';
import type { Command } from 'commander';
import { COMMAND_NAMES, programOf } from '../commands.js';
import { reportText } from '../doctor/render-report.js';
import { asText } from '../env/env.command.js';
import { groupsText } from '../groups/render-groups.js';
import { logLineText } from '../logs/render-logs.js';
import { metricsText } from '../metrics/render-metrics.js';
import { operationText } from '../saga/render-operation.js';
import { SagaLog } from '../saga/saga-log.js';
import { describedSagas } from '../sagas/described-sagas.js';
import { definitionText } from '../sagas/render-definition.js';
import { ordersText } from '../orders/render-orders.js';
import { parkedText } from '../parked/render-parked.js';
import { evidenceText } from '../saga/render-evidence.js';
import { sagasText } from '../sagas/render-sagas.js';
import { Timeline } from '../events/timeline.js';
import { Api } from './api.js';
import { anyCase, idOrItsEnd } from './arguments.js';
import { EXIT, UsageError } from './exit-codes.js';
import { fullId } from './full-id.js';
import {
  aGroup,
  aLogLine,
  aMessage,
  anEnvironment,
  anEvidence,
  anOperation,
  anOrder,
  aParkedMessage,
  aReading,
  aReport,
  aSaga,
} from './representations.fixture.spec.js';
import { widthOf, writable } from './safe-text.js';
import { fitHelp } from './help-text.js';
import { columnsOf, fitTo, wrapToScreen } from './screen.js';
import { coloured } from './style.js';

/**
 * Goal: what a command shows fits the terminal: lists with short ids where whole ones do not fit, text broken between its words; and every
 * command takes an id as it was shown.
 */
afterEach(() => fitTo(undefined));

const LISTS = {
  orders: () => ordersText([anOrder], coloured),
  sagas: () => sagasText([aSaga], coloured),
  parked: () => parkedText([aParkedMessage], coloured),
  evidence: () => evidenceText({ ...anEvidence, missing: [] }, coloured),
  messages: () => new Timeline({ paint: coloured, several: true }).line({ ...aMessage, key: '東京'.repeat(40) }),
};

const TEXTS = {
  'the report of the doctor': () => reportText(aReport, coloured),
  'an operation': () => operationText(anOperation, coloured),
  'an environment': () => asText(anEnvironment),
  groups: () => groupsText([aGroup], coloured),
  metrics: () => metricsText([aReading], coloured),
  'a line of a log': () => logLineText(aLogLine, coloured),
  'a saga that is followed': () => new SagaLog(coloured).lines(aSaga).join('\n'),
};

const everyCommand = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(everyCommand)];

describe('when the terminal is narrow', () => {
  it.each(Object.entries(TEXTS))('the output of %s fits a narrow terminal, and says the same', (_, render) => {
    const whole = render();
    for (const columns of [40, 60, 80]) {
      fitTo(columns);
      for (const line of render().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
    fitTo(undefined);
    expect(render()).toBe(whole);
  });

  it('the definition of a saga has a block for each step', async () => {
    const [saga] = await describedSagas('place-order');
    if (!saga) throw new Error('there is no place-order');
    expect(definitionText(saga)).toMatch(
      /charge-payment +compensatable +ChargePayment +PaymentCharged +PaymentDeclined/,
    );
    fitTo(50);
    const text = definitionText(saga);
    expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(50);
    expect(text).toMatch(/^charge-payment\n +Kind +compensatable\n +Sends +ChargePayment$/m);
  });

  it.each([40, 60, 80])(
    'the help of every command fits %s columns, and its examples can be pasted',
    async (columns) => {
      fitTo(columns);
      const commands = everyCommand(await programOf(COMMAND_NAMES));
      expect(commands.length).toBeGreaterThan(COMMAND_NAMES.length);
      for (const command of commands) {
        let help = '';
        command.configureOutput({ writeOut: (text) => (help += fitHelp(text)) });
        command.outputHelp();
        for (const line of help.split('\n'))
          expect({ line, fits: widthOf(line) <= columns }).toMatchObject({ fits: true });
        expect(help).toContain('--wide');
      }
    },
  );

  it('an example that is broken over lines is still one command', () => {
    fitTo(40);
    const broken = fitHelp('  $ npx backstep saga 6a2c8f1d7b40 retry --reason "it is back" --dry-run');
    expect(broken.split('\n').length).toBeGreaterThan(1);
    expect(broken.replaceAll(/ \\\n +/g, ' ')).toBe(
      '  $ npx backstep saga 6a2c8f1d7b40 retry --reason "it is back" --dry-run',
    );
  });

  it('text is broken between words, and no word is lost', () => {
    const words = fc.array(fc.constantFrom('an', 'order', '東京', coloured('red', 'refused'), 'a'.repeat(70)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.nat(3), fc.integer({ min: 20, max: 60 }), fc.nat(30), (parts, indent, columns, hang) => {
        fitTo(columns);
        const line = ' '.repeat(indent) + parts.join(' ');
        const told = wrapToScreen(line, hang);
        for (const one of told.split('\n')) expect(widthOf(one)).toBeLessThanOrEqual(columns);
        expect(told.replaceAll(/\s/g, '')).toBe(line.replaceAll(/\s/g, ''));
      }),
    );
  });

  it.each(Object.entries(LISTS))('the rows of the list %s fit the screen', (_, render) => {
    const whole = render();
    for (const columns of [20, 60, 80, 100]) {
      fitTo(columns);
      for (const line of render().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(writable(render())).not.toMatch(/\u001b\[(?!0m)\d+m[^\u001b]*$/);
    }
    fitTo(undefined);
    expect(render()).toBe(whole);
  });

  it('ids are shortened only where whole ones do not fit', () => {
    fitTo(200);
    expect(ordersText([anOrder])).toContain(anOrder.id);
    fitTo(80);
    expect(ordersText([anOrder])).not.toContain(anOrder.id);
    expect(ordersText([anOrder])).toMatch(new RegExp(`…${anOrder.id.slice(-12)} +REJECTED`));
  });

  it.each([
    [{ isTTY: true, columns: 70 }, {}, 70],
    [{ isTTY: true, columns: 70 }, { COLUMNS: '50' }, 50],
    [{ isTTY: true, columns: 70 }, { COLUMNS: 'x' }, 70],
    [{ isTTY: true, columns: 3 }, {}, 20],
    [{ isTTY: true }, {}, undefined],
    [{}, { COLUMNS: '50' }, undefined],
  ])('a terminal %j with %j has %s columns', (stream, environment, columns) =>
    expect(columnsOf(stream, environment)).toBe(columns),
  );
});

describe('an id as it was shown', () => {
  const ids = [
    '0197a0c2-5b1e-7c3d-9a51-aaaaaa111111',
    '0197a0c2-5b1e-7c3d-9a51-bbbbbb111111',
    '0197a0c2-5b1e-7c3d-9a51-cccccc222222',
  ];
  let gateway: Server;
  let api: Api;

  beforeAll(async () => {
    // Two pages: what is looked for may be on the second.
    gateway = createServer(({ url = '' }, response) => {
      const second = url.includes('cursor=');
      const items = (second ? ids.slice(1) : ids.slice(0, 1)).map((id) => ({ id }));
      response.end(JSON.stringify({ items, nextCursor: second ? null : 'c1' }));
    });
    await new Promise<void>((resolve) => gateway.listen(0, HOST, resolve));
    api = new Api(`http://${HOST}:${(gateway.address() as AddressInfo).port}`);
  });
  afterAll(() => gateway.close().closeAllConnections());

  it.each(['…cccccc222222', 'cccccc222222', '...CCCCCC222222', '222222', ids[2] ?? ''])(
    'the id %s is found as it was shown',
    async (given) => {
      expect(await fullId(api, 'order', idOrItsEnd(given))).toBe(ids[2]);
    },
  );

  it('an ambiguous end of an id lists the candidates', async () => {
    const several = fullId(api, 'saga', idOrItsEnd('…111111'));
    await expect(several).rejects.toThrow(UsageError);
    await expect(several).rejects.toThrow(`Several end with 111111; which one?\n  ${ids[0]}\n  ${ids[1]}`);
    await expect(fullId(api, 'saga', 'dddddd')).rejects.toMatchObject({ exitCode: EXIT.notFound });
  });

  it.each(['', '…', 'xyz', '12345', 'retry', '…aaaaaa1111111'])('the text %j is no id', (text) =>
    expect(() => idOrItsEnd(text)).toThrow('It must be an id'),
  );
});

describe('a choice', () => {
  it('a choice may be written in any case, in every command', async () => {
    const commands = everyCommand(await programOf(COMMAND_NAMES));
    const all = commands.flatMap(({ options, registeredArguments }) => [...options, ...registeredArguments]);
    const withChoices = all.filter(({ argChoices }) => argChoices !== undefined);
    expect(withChoices.length).toBeGreaterThan(5);
    for (const { argChoices = [], parseArg } of withChoices) {
      for (const choice of argChoices) {
        expect(parseArg?.(choice.toLowerCase(), undefined)).toBe(choice);
        expect(parseArg?.(choice.toUpperCase(), undefined)).toBe(choice);
      }
    }
  });

  it('a choice that is not offered is refused with those that are', () => {
    expect(anyCase(['PENDING', 'REJECTED'])('pending')).toBe('PENDING');
    expect(() => anyCase(['PENDING'])('gone')).toThrow('Allowed choices are PENDING');
  });
});
