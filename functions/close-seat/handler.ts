import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { closeSeat } from './close-seat.ts';

const store = openStore(environmentOf('close-seat').TABLE_NAME);

/** Takes note that the node of a seat is gone. */
export const handler = serviceHandler(payloads['close-seat'], ({ failure, ...turn }) =>
  closeSeat(
    { store, clock },
    turn,
    failure === undefined ? undefined : { error: failure.Error, cause: failure.Cause },
  ),
);
