import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { ecsTaskEvent } from './ecs-task-event.ts';
import { watchNode } from './watch-node.ts';

const store = openStore(environmentOf('watch-node').TABLE_NAME);

/** Takes what ECS says of the tasks that are nodes. */
export const handler = serviceHandler(ecsTaskEvent, (event) => watchNode({ store, clock }, event));
