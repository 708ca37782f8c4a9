import { ensureDaemon } from '../docker/daemon.ts';
import { ensureImage, testImages } from '../docker/images.ts';
import { deployStack, type StackOutputs, type Target } from './deploy-stack.ts';
import { nodeImage } from './node-image.ts';
import { type PrivateRegistry, type ServedImages, serveImages } from './serve-images.ts';
import { type Emulator, ROOT_CREDENTIALS, startEmulator } from './start-emulator.ts';
import { type ServedIssuer, serveIssuer, type TokenIssuer } from './token-issuer.ts';

/** A deployed stack, and where it is: all that tests need to reach it. */
export interface Deployment {
  readonly target: Target;
  readonly outputs: StackOutputs;
  /** The project of this test run's jobs, so that a deployment can be used again. */
  readonly project: string;
  /** The registry that nodes pull the images of jobs from, `host:port`. */
  readonly registry: string;
  /** One that wants a login. */
  readonly privateRegistry: PrivateRegistry;
  /** Whose bearer tokens are taken; none on an emulator that was there, whose functions would not trust it. */
  readonly issuer?: TokenIssuer;
}

export interface DeployOptions {
  /** Where an emulator that is started writes down what AWS would charge for. */
  readonly meterFile?: string;
}

const PLACE = {
  region: 'us-east-1',
  account: '000000000000',
  accessKeyId: ROOT_CREDENTIALS.AWS_ACCESS_KEY_ID,
  secretAccessKey: ROOT_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
};

/**
 * Deploys the stack on an emulator of AWS: the one at AWS_ENDPOINT_URL, or else one that is started for it. `stop` ends
 * what was started.
 */
export async function deploy({
  meterFile,
}: DeployOptions = {}): Promise<{ deployment: Deployment; stop: () => Promise<void> }> {
  const docker = await ensureDaemon();
  let emulator: Emulator | undefined;
  let images: ServedImages | undefined;
  let served: ServedIssuer | undefined;
  const stop = async () => {
    await emulator?.stop();
    if (images !== undefined) await images.stop();
    await served?.stop();
    docker.engine.close();
    docker.release();
  };
  try {
    for (const image of [nodeImage, ...testImages]) await ensureImage(docker.engine, image);
    images = await serveImages(docker.engine);
    const given = process.env.AWS_ENDPOINT_URL;
    if (given === undefined) {
      served = await serveIssuer();
      emulator = await startEmulator({ meterFile, trusted: served.certificate });
    }
    const issuer = served && { address: served.address, key: served.key };
    const target = { ...PLACE, endpoint: emulator?.endpoint ?? given ?? '' };
    const outputs = await deployStack(target, nodeImage.name, images, issuer);
    return {
      deployment: {
        target,
        outputs,
        project: `test-${Date.now().toString(36)}`,
        registry: images.host,
        privateRegistry: images.guarded,
        ...(issuer && { issuer }),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
