import { Link } from '@tanstack/react-router';
import { Empty, Problem } from '../ui/notices.js';

export const NotFound = () => (
  <Empty title="There is no such page">
    <p>
      <Link to="/orders" search={{}}>
        To the orders
      </Link>
    </p>
  </Empty>
);

/** An error of the page itself. */
export const Broken = ({ error }: { readonly error: unknown }) => (
  <Problem error={error instanceof Error ? error : new Error(String(error))} retry={() => location.reload()} />
);
