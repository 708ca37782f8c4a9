import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../debian-packages.ts';
import { firstLine } from '../failed-command.ts';

const run = promisify(execFile);

/** The newest on Maven Central that runs on Java 17. */
const VERSION = '2.6.1';
const CACHE = join(import.meta.dirname, '../../.cache/dynamodb-local');

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * The folder with the libraries of AWS's DynamoDB Local, which Maven fetches once into a folder that git ignores.
 * Installs Java and Maven where they are missing and that is allowed; throws an error that says what is in the way.
 */
export async function fetchDynamodbLocal(): Promise<string> {
  const libraries = join(CACHE, VERSION);
  const wanted = { java: 'default-jre-headless', mvn: 'maven' };
  const commands = existsSync(libraries) ? (['java'] as const) : (['java', 'mvn'] as const);
  const missing: string[] = [];
  for (const command of commands) if (!(await isThere(command))) missing.push(wanted[command]);
  if (missing.length > 0) await installPackages(missing);
  if (!existsSync(libraries)) await fetch(libraries);
  return libraries;
}

async function isThere(command: 'java' | 'mvn'): Promise<boolean> {
  return run(command, ['-version']).then(
    () => true,
    () => false,
  );
}

/** Fetches beside the place and then moves, so that there is never a part of it. */
async function fetch(libraries: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    writeFileSync(join(folder, 'pom.xml'), pom);
    const goal = ['dependency:copy-dependencies', '-DoutputDirectory=lib'];
    await run('mvn', ['-q', '-B', ...goal], { cwd: folder, maxBuffer: 2 ** 26 });
    renameSync(join(folder, 'lib'), libraries);
  } catch (error) {
    // Another test run was faster.
    if (existsSync(libraries)) return;
    throw new Error(`DynamoDB Local ${VERSION} could not be fetched by Maven: ${firstLine(error)}`, {
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
