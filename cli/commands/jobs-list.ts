import type { Command } from 'commander';
import type { Job } from '../../shared/contract/job.ts';
import { type Context, connect, type PlaceOptions, withFormat, withList, withPlace } from '../context.ts';
import type { Format } from '../output/format.ts';
import { columnsOfJobs } from '../output/job-columns.ts';
import { printList } from '../output/print-list.ts';

interface JobsListOptions extends PlaceOptions {
  filter?: string;
  sortBy?: string;
  orderBy?: string;
  limit?: number;
  pageSize?: number;
  format: Format;
}

/** `sluice jobs list`. */
export function addJobsList(jobs: Command, context: Context): void {
  withFormat(withList(withPlace(jobs.command('list'))))
    .description('list jobs; --location=- lists those of all locations')
    .option('--sort-by <field>', 'name or createTime, with ~ in front for the last first')
    .option('--order-by <order>', "the API's own form: name, name desc, create_time, create_time desc")
    .action(async (options: JobsListOptions) => {
      const { client, place } = connect(context.host, options);
      const { filter, limit, format } = options;
      const orderBy =
        options.orderBy ?? (options.sortBy === undefined ? undefined : apiOrder(options.sortBy));
      const pageSize = options.pageSize ?? limit;
      await printList<Job>(context.host, client.listJobs(place, { filter, orderBy, pageSize }), {
        format,
        limit,
        columns: columnsOfJobs({ withLocation: place.location === '-' }),
      });
    });
}

/** The API's order for gcloud's `--sort-by`: `~createTime` gives `create_time desc`. */
export function apiOrder(sortBy: string): string {
  return sortBy
    .split(',')
    .map((field) => {
      const name = field.trim().replace(/^~/, '');
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return field.trim().startsWith('~') ? `${snake} desc` : snake;
    })
    .join(', ');
}
