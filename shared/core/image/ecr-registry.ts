const ECR_HOST = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The region of an ECR registry; undefined for registries of others. */
export function ecrRegion(registry: string): string | undefined {
  return ECR_HOST.exec(registry)?.[1];
}
