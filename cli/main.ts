import { enableCompileCache } from 'node:module';
import { versionText } from './version.ts';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // Known without the grammar of all commands, which would take longer to load than this takes to answer.
  process.stdout.write(`${versionText}\n`);
} else {
  enableCompileCache();
  const { runInProcess } = await import('./run-cli.ts');
  const exitCode = await runInProcess(args, {
    loadService: () => import('../local/service.ts'),
    loadCapabilities: () => import('../local/capabilities.ts'),
  });
  // What is left in the way of an end, such as a kept connection, is not worth waiting for; what is written is.
  process.stdout.write('', () => process.exit(exitCode));
}
