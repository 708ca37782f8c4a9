import { acceptanceSuite } from '../shared/testing/acceptance/acceptance-suite.ts';
import { serviceForTest } from './testing/service-for-test.ts';

const { api } = serviceForTest();
acceptanceSuite({ name: 'one machine', api });
