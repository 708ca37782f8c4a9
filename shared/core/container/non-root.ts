/**
 * Whom runnables of a group with `runAsNonRoot` run as where nothing else names a user. The number is in no range that
 * distributions give to their own accounts, so that nobody else's files are its; it has no name and no further groups.
 */
export const nonRootUser = { uid: 48_484, gid: 48_484 } as const;

/** Where a container of that user has its home, unless its image or its job says: a folder that most images have open to all. */
export const NON_ROOT_HOME = '/tmp';

/** Whether `user[:group]` is the root user, as far as its words say. A name may turn out to be another one of it. */
export function isRootUser(user: string): boolean {
  const [name = ''] = user.split(':', 1);
  return name === '' || name === 'root' || /^0+$/.test(name);
}

/** Whom a container of such a group runs as: `wished` by its options, else of the image; and whether that is the user above. */
export function containerUser(
  wished: string | undefined,
  ofImage: string,
): { readonly user: string; readonly isOurs: boolean } {
  const user = wished ?? ofImage;
  if (!isRootUser(user)) return { user, isOurs: false };
  return { user: `${nonRootUser.uid}:${nonRootUser.gid}`, isOurs: true };
}

/** Whether a user is given by a name, whose number the image says. To an engine that is also a number that is too long for it. */
export function isNamedUser(user: string): boolean {
  return !/^\d{1,10}(?::|$)/.test(user);
}

/** The words for a name that turns out to be the root user's. */
export function namedRootText(user: string): string {
  return `the image's user ${JSON.stringify(user)} is root, and the task group says runAsNonRoot`;
}
