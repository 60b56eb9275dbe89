/** One metric in the text format of Prometheus: base units, and `_total` behind counters only. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
  /** What a histogram has behind its name. */
  readonly ending?: '_bucket' | '_sum' | '_count'
}

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics as Prometheus reads them. What has no sample is left out. */
export const exposition = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map((one) => printed(name, one)),
        '',
      ].join('\n'),
    )
    .join('')

/** A gauge of one value; none while nobody knows it. */
export const gauge = (name: string, help: string, value: number | undefined): Metric => ({
  name,
  help,
  type: 'gauge',
  samples: value === undefined ? [] : [{ value }],
})

/** A metric with one value for each value of one label. */
export const labelled = (
  { name, help, type }: Omit<Metric, 'samples'>,
  label: string,
  values: Readonly<Record<string, number>>,
): Metric => ({
  name,
  help,
  type,
  samples: Object.entries(values).map(([which, value]) => ({ value, labels: { [label]: which } })),
})

function printed(name: string, { value, labels = {}, ending }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${ending ?? ''}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`
}

const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
