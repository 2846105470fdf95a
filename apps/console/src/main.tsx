import './style/base.css';
import './ui/page.module.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { newQueryClient } from './api/query-client.js';
import { knownOrders } from './orders/known-orders.js';
import { router } from './router.js';
import { startStream, subscribe } from './stream/client.js';

const queries = newQueryClient();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

startStream();
// What happens to orders is known on all pages, from the first one on.
subscribe({}, ({ orders }) => knownOrders.tell(orders));
createRoot(root).render(
  <StrictMode>
    {/* The page's policy allows no <style> element. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
