import { useQuery } from '@tanstack/react-query';
import { capabilitiesQuery } from '../api/system-query.js';
import { type Page, pagesOf } from './pages.js';

/** Until it is known what the gateway serves, those that every gateway serves. */
export function usePages(): readonly Page[] {
  const hasLab = useQuery(capabilitiesQuery).data?.faults ?? false;
  return pagesOf({ hasLab });
}
