import type { InstancePolicy } from '../../contract/instance-policy.ts';
import { ImageError } from '../image/image-error.ts';
import type { NodeShape } from './fargate-plan.ts';
import { type Architecture, nodeMachine, sizeName } from './machine-type.ts';

/** An image of a group's nodes, and what it is made for: `os/architecture` as registries name them. */
export interface MadeImage {
  readonly image: string;
  readonly platforms: readonly string[];
}

/** What a group's nodes must agree on. */
export interface ProcessorQuestion {
  /** What the job asks for, and the words in which it does; undefined leaves it to the images. */
  readonly asked: AskedProcessor | undefined;
  /** What nodes of the deployment are where nothing says otherwise. */
  readonly usual: Architecture;
  readonly images: readonly MadeImage[];
}

export interface AskedProcessor {
  readonly architecture: Architecture;
  /** Such as `the machine type "t2a-standard-4"`. */
  readonly by: string;
}

export interface ProcessorChoice {
  readonly architecture: Architecture;
  /** Why it is not what is usual, where the images are the reason. */
  readonly why?: string;
}

/** Processors that Fargate has, as registries name what images for them are made for. */
export const platformNames: Readonly<Record<Architecture, `linux/${'arm64' | 'amd64'}`>> = {
  ARM64: 'linux/arm64',
  X86_64: 'linux/amd64',
};

/**
 * The processor of a group's nodes: what the job asks for; else what is usual, if all images are made for it; else the
 * other, if all are made for that. Throws an ImageError that names which image is made for what.
 */
export function chooseProcessor({ asked, usual, images }: ProcessorQuestion): ProcessorChoice {
  const lacking = (architecture: Architecture) =>
    images.filter(({ platforms }) => !platforms.includes(platformNames[architecture]));
  if (asked !== undefined) {
    const wrong = lacking(asked.architecture);
    if (wrong.length === 0) return { architecture: asked.architecture };
    const wants = `${asked.by} asks for ${platformNames[asked.architecture]}`;
    throw new ImageError('WRONG_PLATFORM', `${madeTexts(wrong)}; ${wants}`);
  }
  const notUsual = lacking(usual);
  if (notUsual.length === 0) return { architecture: usual };
  const other: Architecture = usual === 'ARM64' ? 'X86_64' : 'ARM64';
  const notOther = lacking(other);
  if (notOther.length === 0) return { architecture: other, why: madeTexts(notUsual) };
  const both = `${platformNames[usual]} or ${platformNames[other]}`;
  const nowhere = notUsual.filter((image) => notOther.includes(image));
  throw new ImageError(
    'WRONG_PLATFORM',
    nowhere.length > 0
      ? `${madeTexts(nowhere)}; nodes are ${both}`
      : `no processor suits all images of a node: ${madeTexts([...notUsual, ...notOther])}; nodes are ${both}`,
  );
}

/** The processor that a job asks for: by its machine type, or by the least processor that it wants. Undefined when by neither. */
export function askedProcessor({ machineType, minCpuPlatform }: InstancePolicy): AskedProcessor | undefined {
  const machine = machineType ? nodeMachine(machineType) : undefined;
  if (machine !== undefined && 'architecture' in machine)
    return { architecture: machine.architecture, by: `the machine type "${machineType}"` };
  const architecture = minCpuPlatform ? architectureOfPlatform(minCpuPlatform) : undefined;
  return architecture && { architecture, by: `minCpuPlatform "${minCpuPlatform}"` };
}

/** Makers of the processors that `minCpuPlatform` names (Compute Engine, "CPU platforms"); undefined for any other. */
export function architectureOfPlatform(minCpuPlatform: string): Architecture | undefined {
  if (/^(?:intel|amd)\b/i.test(minCpuPlatform)) return 'X86_64';
  return /^(?:ampere|google axion)\b/i.test(minCpuPlatform) ? 'ARM64' : undefined;
}

/** A node of this shape with this processor. */
export function onProcessor(shape: NodeShape, architecture: Architecture): NodeShape {
  const isOurs = shape.machineType === sizeName(shape.size, shape.architecture);
  const machineType = isOurs ? sizeName(shape.size, architecture) : shape.machineType;
  return { ...shape, architecture, machineType };
}

/** `a is made for linux/amd64, b for linux/arm64`. */
function madeTexts(images: readonly MadeImage[]): string {
  const texts = images.map(({ image, platforms }, at) => {
    const made = platforms.length === 0 ? 'no platform' : platforms.join(' and ');
    return `${image} ${at === 0 ? 'is made ' : ''}for ${made}`;
  });
  return texts.join(', ');
}
