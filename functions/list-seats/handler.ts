import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { listSeats } from './list-seats.ts';

const store = openStore(environmentOf('list-seats').TABLE_NAME);

/** The seats of a group, and when each of them starts. */
export const handler = serviceHandler(payloads['list-seats'], ({ jobUid, groupId }) =>
  listSeats({ store, clock }, jobUid, groupId),
);
