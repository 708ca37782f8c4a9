import { list } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, text } from './proto/scalar.ts';

export const nicTypes = { NIC_TYPE_UNSPECIFIED: 0, GVNIC: 1, IRDMA: 2, MRDMA: 3 } as const;

export const networkInterfaceSchema = message('NetworkInterface', {
  network: text(),
  subnetwork: text(),
  noExternalIpAddress: bool(),
  nicType: enumOf('NicType', nicTypes),
});
export type NetworkInterface = Infer<typeof networkInterfaceSchema>;

export const networkPolicySchema = message('NetworkPolicy', {
  networkInterfaces: list(networkInterfaceSchema),
});
export type NetworkPolicy = Infer<typeof networkPolicySchema>;
