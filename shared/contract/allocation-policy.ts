import {
  instanceFlexibilityPolicySchema,
  instancePolicyOrTemplateSchema,
  instancePolicySchema,
} from './instance-policy.ts';
import { networkPolicySchema } from './network-policy.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';
import { serviceAccountSchema } from './service-account.ts';
import { provisioningModels } from './states.ts';

/** Where nodes may be: `regions/{region}`, or `zones/{zone}` of one region. */
export const locationPolicySchema = message('LocationPolicy', {
  allowedLocations: list(text()),
  deniedLocations: list(text()),
});
export type LocationPolicy = Infer<typeof locationPolicySchema>;

export const placementPolicySchema = message('PlacementPolicy', {
  collocation: text(),
  maxDistance: int64(),
});
export type PlacementPolicy = Infer<typeof placementPolicySchema>;

/** On what, where and how the nodes of a job are made. */
export const allocationPolicySchema = message('AllocationPolicy', {
  location: locationPolicySchema,
  /** Deprecated in the API; `instances[0].policy` replaces it. */
  instance: instancePolicySchema,
  instances: list(instancePolicyOrTemplateSchema),
  /** Deprecated in the API; `instances[0].instanceTemplate` replaces it. */
  instanceTemplates: list(text()),
  /** Deprecated in the API; `instances[0].policy.provisioningModel` replaces it. */
  provisioningModels: list(enumOf('ProvisioningModel', provisioningModels)),
  /** Deprecated in the API; `serviceAccount.email` replaces it. */
  serviceAccountEmail: text(),
  serviceAccount: serviceAccountSchema,
  labels: mapOf(text()),
  network: networkPolicySchema,
  placement: placementPolicySchema,
  tags: list(text()),
  instanceFlexibilityPolicy: instanceFlexibilityPolicySchema,
});
export type AllocationPolicy = Infer<typeof allocationPolicySchema>;
