import { expect, it } from 'vitest';
import { place, setting } from './closed-stack-under-test.ts';
import { stackUnderTest } from './stack-under-test.ts';

/** So many service accounts with their roles. */
const accounts = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `account-${at}@some-project.iam.gserviceaccount.com`,
      `arn:aws:iam::123456789012:role/${'r'.repeat(12)}`,
    ]),
  );

it('settings that fit into the variables of functions are taken, with a closed network too', () => {
  expect(() => stackUnderTest({ ...place, ...setting, serviceAccounts: accounts(15) })).not.toThrow();
});

it('settings that are too long for the variables of functions are refused by name', () => {
  const make = () => stackUnderTest({ ...place, ...setting, serviceAccounts: accounts(35) });
  expect(make).toThrow(
    /the variables of the function jobs-api take \d{4} bytes or more, and Lambda lets a function have 4096; the longest, and the settings in them: SERVICE_ACCOUNTS \d{4} \(serviceAccounts\); NODE_REGION \d+ \(subnetIds, privateSubnetIds, locationAliases\)/,
  );
  expect(make).toThrow('the variables of the function plan-job take');
  expect(make).not.toThrow('the function finish-job');
});

it('so are rules for bearer tokens', () => {
  const jwt = { jwtIssuer: 'https://issuer.test', jwtAudience: 'batch' };
  const rules = Array.from({ length: 200 }, (_, at) => `scope=batch.project-${at}`);
  expect(() => stackUnderTest({ ...jwt, jwtFullAccess: rules })).toThrow(
    /the function authorize-token take \d{4} bytes or more.* JWT_FULL_ACCESS \d{4} \(jwtFullAccess\)/,
  );
});

it('variables are measured as JSON, as Lambda does: a quotation mark in a value counts twice', () => {
  const make = () => stackUnderTest({ ...place, ...setting, serviceAccounts: accounts(35) });
  const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(accounts(35))));
  expect(make).toThrow(`SERVICE_ACCOUNTS ${'"SERVICE_ACCOUNTS":,'.length + bytes} (serviceAccounts)`);
});
