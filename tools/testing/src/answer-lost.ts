import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/**
 * A proxy before a server on this machine. The first question that contains `word`, in capitals or not, is passed on; its answer is lost, and
 * the connection is cut. `asked` counts the questions that contain it, `lost` the answers.
 */
export async function answerLost(
  port: number,
  word: string,
): Promise<{ readonly port: number; asked(): number; lost(): number; close(): void }> {
  const sockets = new Set<Socket>();
  let asked = 0;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect({ port, host: HOST });
    let isDoomed = false;
    client.on('data', (question) => {
      if (question.toString('latin1').toUpperCase().includes(word.toUpperCase()) && ++asked === 1) {
        lost++;
        isDoomed = true;
      }
      upstream.write(question);
    });
    upstream.on('data', (answer) => {
      if (isDoomed) client.destroy();
      else client.write(answer);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen({ host: HOST, port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => asked,
    lost: () => lost,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
