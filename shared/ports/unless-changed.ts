import { ConflictError } from './store.ts';

/** Waits for a commit. Returns whether it was made: false when somebody else wrote an item of it first. Throws any other error. */
export async function unlessChanged(commit: Promise<void>): Promise<boolean> {
  try {
    await commit;
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
