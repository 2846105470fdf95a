import type { ListedSaga } from '../saga/operable-saga.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { table } from '../shared/table.js';
import { moment, span } from '../shared/time.js';

/** Sagas as a table. */
export const sagasText = (sagas: readonly ListedSaga[], paint: Paint = plain): string =>
  sagas.length === 0
    ? 'There are none.'
    : table<ListedSaga>(
        [
          { title: 'Saga', cell: ({ id }) => id },
          { title: 'Type', cell: ({ type }) => type },
          { title: 'Order', cell: ({ orderId }) => orderId },
          { title: 'State', cell: ({ state }) => paintStatus(paint, state) },
          { title: 'Began', cell: ({ createdAt }) => moment(createdAt) },
          {
            title: 'Took',
            align: 'right',
            cell: ({ createdAt, updatedAt }) => span(Date.parse(updatedAt) - Date.parse(createdAt)),
          },
          {
            title: 'Because',
            cell: ({ failure, blockedBecause }) =>
              blockedBecause ? paint('red', blockedBecause) : (failure?.code ?? ''),
          },
        ],
        sagas,
        paint,
      );
