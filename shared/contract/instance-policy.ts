import { attachedDiskSchema, diskSchema } from './disk.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int32, int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, text } from './proto/scalar.ts';
import { provisioningModels } from './states.ts';

export const acceleratorSchema = message('Accelerator', {
  type: text(),
  count: int64(),
  /** Deprecated in the API; `instances[0].installGpuDrivers` replaces it. */
  installGpuDrivers: bool(),
  driverVersion: text(),
});
export type Accelerator = Infer<typeof acceleratorSchema>;

/** What each node of a job is made of. */
export const instancePolicySchema = message('InstancePolicy', {
  /** Deprecated in the API; `machineType` replaces it. */
  allowedMachineTypes: list(text()),
  machineType: text(),
  minCpuPlatform: text(),
  provisioningModel: enumOf('ProvisioningModel', provisioningModels),
  accelerators: list(acceleratorSchema),
  bootDisk: diskSchema,
  disks: list(attachedDiskSchema),
  /** Empty: any reservation; `NO_RESERVATION`: none; otherwise only the one named. */
  reservation: text(),
});
export type InstancePolicy = Infer<typeof instancePolicySchema>;

export const instancePolicyOrTemplateSchema = message(
  'InstancePolicyOrTemplate',
  {
    policy: instancePolicySchema,
    instanceTemplate: text(),
    installGpuDrivers: bool(),
    installOpsAgent: bool(),
    blockProjectSshKeys: bool(),
  },
  { policyTemplate: ['policy', 'instanceTemplate'] },
);
export type InstancePolicyOrTemplate = Infer<typeof instancePolicyOrTemplateSchema>;

export const instanceSelectionSchema = message('InstanceSelection', {
  machineTypes: list(text()),
  /** Lower is preferred. */
  rank: int32(),
});

/** Several machine types to choose from, by name of the selection. */
export const instanceFlexibilityPolicySchema = message('InstanceFlexibilityPolicy', {
  instanceSelections: mapOf(instanceSelectionSchema),
});
export type InstanceFlexibilityPolicy = Infer<typeof instanceFlexibilityPolicySchema>;
