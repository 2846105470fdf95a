import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from '../api/send.js';
import type { NewFault } from '../api/types.js';
import { announce } from '../shell/announce.js';
import { useIsTold } from '../stream/use-stream.js';
import { FAULTS_KEY, faultsQuery } from './queries.js';

/** The processes and the faults in them, and what makes and heals faults. What went wrong last is `error`. */
export function useFaults() {
  const client = useQueryClient();
  const faults = useQuery(faultsQuery(useIsTold()));
  const change = useMutation({
    mutationFn: async (wanted: NewFault | { readonly heal: string } | 'heal all') => {
      if (wanted === 'heal all') {
        const { healed } = (await send('delete', '/v1/dev/faults')).body;
        return healed === 0 ? 'No fault was on.' : `Healed: ${healed} ${healed === 1 ? 'fault' : 'faults'}.`;
      }
      if ('heal' in wanted) {
        await send('delete', '/v1/dev/faults/{faultId}', { path: { faultId: wanted.heal } });
        return 'Healed.';
      }
      return `${(await send('post', '/v1/dev/faults', { body: wanted })).body.what}.`;
    },
    onSuccess: (said) => announce(said),
    onSettled: () => client.invalidateQueries({ queryKey: FAULTS_KEY }),
  });
  return {
    faults,
    error: change.error,
    make: (fault: NewFault) => change.mutate(fault),
    heal: (id: string) => change.mutate({ heal: id }),
    healAll: () => change.mutate('heal all'),
  };
}
