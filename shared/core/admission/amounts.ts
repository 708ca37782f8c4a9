/** What jobs take of a deployment while they run. vCPUs are counted in thousandths, so that sums stay exact. */
export interface Amounts {
  readonly jobs: number;
  readonly nodes: number;
  readonly cpuMilli: number;
}

/** What there may be at once; what is not named has no limit. */
export type Limits = Partial<Amounts>;

export type Dimension = keyof Amounts;
export const dimensions: readonly Dimension[] = ['jobs', 'nodes', 'cpuMilli'];

export const nothing: Amounts = { jobs: 0, nodes: 0, cpuMilli: 0 };

export function plus(a: Amounts, b: Amounts): Amounts {
  return { jobs: a.jobs + b.jobs, nodes: a.nodes + b.nodes, cpuMilli: a.cpuMilli + b.cpuMilli };
}

export function minus(a: Amounts, b: Amounts): Amounts {
  return { jobs: a.jobs - b.jobs, nodes: a.nodes - b.nodes, cpuMilli: a.cpuMilli - b.cpuMilli };
}

export function isNothing({ jobs, nodes, cpuMilli }: Amounts): boolean {
  return jobs === 0 && nodes === 0 && cpuMilli === 0;
}

/** The first thing of which there is too little for `amounts`; undefined when they fit. */
export function tooLittle(amounts: Amounts, limits: Limits): Dimension | undefined {
  return dimensions.find((dimension) => amounts[dimension] > (limits[dimension] ?? Number.POSITIVE_INFINITY));
}

/** The lower one of two limits, for each thing. */
export function lower(a: Limits, b: Limits): Limits {
  const least = (dimension: Dimension) => {
    const given = [a[dimension], b[dimension]].filter((limit) => limit !== undefined);
    return given.length === 0 ? {} : { [dimension]: Math.min(...given) };
  };
  return Object.assign({}, ...dimensions.map(least)) as Limits;
}

const names: Record<Dimension, string> = { jobs: 'running jobs', nodes: 'nodes', cpuMilli: 'vCPUs' };

/** `nodes`, `vCPUs` or `running jobs`. */
export const nameOf = (dimension: Dimension): string => names[dimension];

/** An amount as people read it: vCPUs in whole ones. */
export function shown(dimension: Dimension, amount: number): string {
  return dimension === 'cpuMilli' ? String(Number((amount / 1000).toFixed(3))) : String(amount);
}
