import * as z from 'zod';
import type { PriceList } from './price-list.ts';

/** What AWS charges for, of the control plane. */
export interface Usage {
  readonly apiCalls: number;
  readonly lambdaCalls: number;
  readonly lambdaGbSeconds: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly transitions: number;
  readonly snsMessages: number;
  readonly logBytes: number;
}
export const quantities = [
  'apiCalls',
  'lambdaCalls',
  'lambdaGbSeconds',
  'readUnits',
  'writeUnits',
  'transitions',
  'snsMessages',
  'logBytes',
] as const satisfies readonly (keyof Usage)[];

/** A line of the access log of the API. */
const ACCESS_LOG_BYTES = 450;
/** What Lambda itself writes for a call: when it begins, when it ends, and what it took. */
const LAMBDA_LOG_BYTES = 330;

/** What the emulator's meter writes, a line each. */
const meterLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lambda'),
    function: z.string(),
    ms: z.number(),
    memoryMib: z.number(),
    api: z.boolean(),
    logBytes: z.number(),
  }),
  z.object({ kind: z.literal('dynamodb'), by: z.string(), readUnits: z.number(), writeUnits: z.number() }),
  z.object({ kind: z.literal('transition') }),
  z.object({ kind: z.literal('sns'), messages: z.number() }),
]);
export type MeterLine = z.infer<typeof meterLine>;

export function readMeter(text: string): MeterLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => meterLine.parse(JSON.parse(line)));
}

/** Whether a line is of the sweep, which comes once a minute, whatever jobs there are. */
const ofSweep = (line: MeterLine) =>
  (line.kind === 'lambda' && line.function.endsWith('sweep-jobs')) ||
  (line.kind === 'dynamodb' && line.by.includes('SweepJobs'));

/** What jobs used, by the meter, without the sweep. */
export function usageOf(lines: readonly MeterLine[]): Usage {
  return summed(lines.filter((line) => !ofSweep(line)));
}

function summed(lines: readonly MeterLine[]): Usage {
  const usage: Record<keyof Usage, number> = noUsage();
  for (const line of lines) {
    if (line.kind === 'transition') usage.transitions += 1;
    if (line.kind === 'sns') usage.snsMessages += line.messages;
    if (line.kind === 'dynamodb') {
      usage.readUnits += line.readUnits;
      usage.writeUnits += line.writeUnits;
    }
    if (line.kind === 'lambda') {
      usage.lambdaCalls += 1;
      usage.lambdaGbSeconds += (Math.ceil(line.ms) / 1000) * (line.memoryMib / 1024);
      usage.logBytes += line.logBytes + LAMBDA_LOG_BYTES;
    }
    if (line.kind === 'lambda' && line.api) {
      usage.apiCalls += 1;
      usage.logBytes += ACCESS_LOG_BYTES;
    }
  }
  return usage;
}

/** Nothing yet. */
export function noUsage(): Record<keyof Usage, number> {
  return Object.fromEntries(quantities.map((name) => [name, 0])) as Record<keyof Usage, number>;
}

const prices = {
  apiCalls: 'apiCall',
  lambdaCalls: 'lambdaCall',
  lambdaGbSeconds: 'lambdaGbSecond',
  readUnits: 'readUnit',
  writeUnits: 'writeUnit',
  transitions: 'transition',
  snsMessages: 'snsMessage',
  logBytes: 'logByte',
} as const satisfies Record<keyof Usage, keyof PriceList>;

/** What each quantity costs, in US dollars. */
export function priceOf(usage: Usage, list: PriceList): Usage {
  return Object.fromEntries(
    quantities.map((name) => [name, usage[name] * list[prices[name]]]),
  ) as unknown as Usage;
}

/** All of it together. */
export function total(usage: Usage): number {
  return quantities.reduce((sum, name) => sum + usage[name], 0);
}
