import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { openSeat } from './open-seat.ts';

const env = environmentOf('open-seat');
const store = openStore(env.TABLE_NAME);

/** Whether a seat is to have a node, and the claim that the node is started with. */
export const handler = serviceHandler(payloads['open-seat'], (turn) =>
  // Which zone of the region it is the node says itself.
  openSeat({ store, clock, random: Math.random }, env.ZONE, turn),
);
