import { afterEach, expect, it } from '@jest/globals';
import { MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query';
import { newQueryClient } from './query-client.js';

/** Goal: a console on this machine goes on when the browser says that it has no network. Method: the client of the page, told so. */
afterEach(() => onlineManager.setOnline(true));

it('without a network what is asked is answered, asked anew is answered anew, and what is sent is sent', async () => {
  const client = newQueryClient();
  onlineManager.setOnline(false);
  expect(await client.fetchQuery({ queryKey: ['one'], queryFn: () => Promise.resolve('answered') })).toBe('answered');
  let times = 0;
  const observer = new QueryObserver(client, { queryKey: ['moving'], queryFn: () => Promise.resolve((times += 1)) });
  const forget = observer.subscribe(() => undefined);
  expect((await observer.refetch({ cancelRefetch: false })).data).toBe(1);
  expect(await observer.refetch()).toMatchObject({ data: 2, fetchStatus: 'idle' });
  forget();
  const sent = new MutationObserver(client, { mutationFn: () => Promise.resolve('sent') });
  expect(await sent.mutate()).toBe('sent');
  client.clear();
});
