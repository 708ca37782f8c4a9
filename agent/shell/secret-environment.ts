import type { Environment } from '../../shared/contract/environment.ts';
import { isSecretName } from '../../shared/core/secret-name.ts';
import { SecretMask } from '../output/line-splitter.ts';
import { type EnvironmentSources, environmentText, mergedVariables, type Variables } from './environment.ts';
import type { LocalSecrets } from './secrets.ts';

/** A runnable's environment as shell text, and what its output must not show. */
export interface PreparedEnvironment {
  exports: string;
  prefix: string;
  mask: SecretMask | undefined;
}

interface ResolvedEnvironment {
  variables: Variables;
  secrets: Readonly<Record<string, string>>;
}

/** Brings the three environments of a runnable together; secrets are looked up once for each. */
export class EnvironmentPreparer {
  readonly #secrets: LocalSecrets;
  readonly #resolved = new WeakMap<Environment, ResolvedEnvironment>();
  readonly #masks = new WeakMap<ResolvedEnvironment, WeakMap<ResolvedEnvironment, SecretMask>>();

  constructor(secrets: LocalSecrets) {
    this.#secrets = secrets;
  }

  /** Throws an EnvironmentError when a value cannot be had or set. */
  prepare(spec: Environment, task: Environment, runnable: Environment): PreparedEnvironment {
    const { sources, mask } = this.#bringTogether(spec, task, runnable);
    return { ...environmentText(sources), mask };
  }

  /** The same as plain variables, for a container. Throws an EnvironmentError too. */
  merge(
    spec: Environment,
    task: Environment,
    runnable: Environment,
  ): { variables: Variables; mask: SecretMask | undefined } {
    const { sources, mask } = this.#bringTogether(spec, task, runnable);
    return { variables: mergedVariables(sources), mask };
  }

  /** A text of the job's as it is, or the secret that it names. `what`: what it is for. Throws an EnvironmentError. */
  textOrSecret(what: string, text: string): string {
    return isSecretName(text) ? this.#secrets.value(what, text) : text;
  }

  #bringTogether(
    spec: Environment,
    task: Environment,
    runnable: Environment,
  ): { sources: EnvironmentSources; mask: SecretMask | undefined } {
    const parts = [this.#resolve(spec), this.#resolve(task), this.#resolve(runnable)] as const;
    const [ofSpec, ofTask, ofRunnable] = parts;
    const secretNames = new Set(parts.flatMap((part) => Object.keys(part.secrets)));
    const sources = {
      spec: ofSpec.variables,
      task: ofTask.variables,
      runnable: ofRunnable.variables,
      secretNames,
    };
    if (secretNames.size === 0) return { sources, mask: undefined };
    const hasOwn = Object.keys(ofTask.secrets).length > 0;
    return { sources, mask: hasOwn ? maskOf(parts) : this.#maskFor(ofSpec, ofRunnable) };
  }

  #resolve(environment: Environment): ResolvedEnvironment {
    const { variables = {}, secretVariables, encryptedVariables } = environment;
    const cipherText = encryptedVariables?.cipherText;
    if (secretVariables === undefined && !cipherText) return { variables, secrets: {} };
    const known = this.#resolved.get(environment);
    if (known !== undefined) return known;
    const secrets = {
      ...(cipherText ? this.#secrets.decrypted(cipherText) : {}),
      ...this.#secrets.resolve(secretVariables ?? {}),
    };
    const resolved = { variables: { ...variables, ...secrets }, secrets };
    this.#resolved.set(environment, resolved);
    return resolved;
  }

  #maskFor(spec: ResolvedEnvironment, runnable: ResolvedEnvironment): SecretMask {
    const masks = this.#masks.get(spec) ?? new WeakMap<ResolvedEnvironment, SecretMask>();
    this.#masks.set(spec, masks);
    const mask = masks.get(runnable) ?? maskOf([spec, runnable]);
    masks.set(runnable, mask);
    return mask;
  }
}

function maskOf(parts: readonly ResolvedEnvironment[]): SecretMask {
  return new SecretMask(parts.flatMap((part) => Object.values(part.secrets)));
}
