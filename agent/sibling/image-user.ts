/** A user by number, as a program is started with. */
export interface ProgramUser {
  readonly uid: number;
  readonly gid: number;
  /** Further groups; empty for the root user, who needs none. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** The text of an image's account files; empty where there is none. */
export interface Accounts {
  readonly passwd: string;
  readonly group: string;
}

/** A user or group that an image does not know. */
export class UnknownUserError extends Error {
  override readonly name = 'UnknownUserError';
}

const NUMBER = /^\d{1,10}$/;
const MAX_ID = 2 ** 31 - 1;

/**
 * Who `user[:group]` is in an image, by the rules of Docker: a name must be in /etc/passwd, a number need not be; the group
 * is the user's own, or root's for a number that is not there; further groups are those of /etc/group, unless a group
 * was named. Throws an UnknownUserError.
 */
export function findUser(user: string, { passwd, group }: Accounts): ProgramUser {
  const [name = '', groupName] = user.split(':', 2);
  const users = linesOf(passwd).map(([login = '', , uid, gid, , home]) => ({ login, uid, gid, home }));
  const wanted = name === '' ? '0' : name;
  const entry =
    users.find(({ login }) => login === wanted) ??
    (NUMBER.test(wanted) ? users.find(({ uid }) => uid === wanted) : undefined);
  const uid = idOf(entry?.uid ?? wanted);
  if (uid === undefined)
    throw new UnknownUserError(`the image has no user ${JSON.stringify(name)} in its /etc/passwd`);
  const groups = linesOf(group).map(([id = '', , gid, members = '']) => ({
    name: id,
    gid,
    members: members.split(','),
  }));
  const home = entry?.home || '/';
  if (groupName !== undefined && groupName !== '') {
    const named = groups.find((each) => each.name === groupName)?.gid ?? groupName;
    const gid = idOf(named);
    if (gid === undefined)
      throw new UnknownUserError(`the image has no group ${JSON.stringify(groupName)} in its /etc/group`);
    return { uid, gid, groups: [], home };
  }
  const gid = idOf(entry?.gid ?? '0') ?? 0;
  const login = entry?.login;
  const further = groups.flatMap((each) => {
    const id = idOf(each.gid ?? '');
    return login !== undefined && id !== undefined && id !== gid && each.members.includes(login) ? [id] : [];
  });
  return { uid, gid, groups: uid === 0 ? [] : [...new Set(further)], home };
}

function linesOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(':'));
}

function idOf(text: string): number | undefined {
  const id = NUMBER.test(text) ? Number(text) : undefined;
  return id !== undefined && id <= MAX_ID ? id : undefined;
}
