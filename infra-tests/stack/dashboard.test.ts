import { describe, expect, it } from 'vitest';
import { stackUnderTest } from './stack-under-test.ts';

const { all, only } = stackUnderTest();
const body = JSON.stringify(only('AWS::CloudWatch::Dashboard').DashboardBody);

describe('the dashboard', () => {
  it('shows jobs, requests, nodes, errors, throttles, the feed and what was put aside', () => {
    for (const title of [
      'Jobs begun and ended',
      'Requests of clients',
      'Reports of nodes',
      'Cores and memory that nodes use',
      'Errors of functions',
      'Throttled functions and table',
      'How far consumers of changes are behind',
      'Put aside',
    ])
      expect(body).toContain(title);
  });

  it('has the errors and throttles of every function, and every queue of dead letters', () => {
    for (const [id] of all('AWS::Lambda::Function')) expect(body.split(id).length, id).toBeGreaterThan(2);
    for (const [id] of all('AWS::SQS::Queue')) expect(body, id).toContain(id);
  });

  it('counts calls of all APIs of its deployment, and of no other', () => {
    const { all: those, only: one } = stackUnderTest({
      name: 'mine',
      jwtIssuer: 'https://issuer.example',
      jwtAudience: 'sluice',
      jwtFullAccess: 'scope=sluice.write',
      closedNetwork: true,
      closedNodeImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24',
    });
    const names = those('AWS::ApiGateway::RestApi').map(([, { Properties }]) => Properties.Name);
    expect(names).toEqual(['mine', 'mine', 'mine']);
    const shown = JSON.stringify(one('AWS::CloudWatch::Dashboard').DashboardBody).replaceAll('\\\\', '');
    expect(shown.match(/ApiName\W+(\w+)/g)?.every((dimension) => dimension.endsWith('mine'))).toBe(true);
  });

  it('has the state of every alarm, and every alarm is told', () => {
    const alarms = all('AWS::CloudWatch::Alarm');
    for (const [id, { Properties }] of alarms) {
      expect(body, id).toContain(id);
      expect(JSON.stringify(Properties.AlarmActions), id).toContain('AlarmsTopic');
    }
    expect(alarms.map(([, { Properties }]) => Properties.AlarmDescription)).toEqual(
      expect.arrayContaining([
        'The API answers with errors of its own.',
        'Writes to the table are throttled.',
      ]),
    );
  });
});
