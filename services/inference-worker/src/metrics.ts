import { Counter, Gauge, type Registry } from 'prom-client'

export interface WorkerMetrics {
  generated(tokens: number): void
  finished(outcome: string): void
}

export function createMetrics(registry: Registry, busy: () => number): WorkerMetrics {
  const registers = [registry]
  const tokens = new Counter({ name: 'camelid_worker_tokens_total', help: 'Tokens generated', registers })
  const jobs = new Counter({
    name: 'camelid_worker_jobs_total',
    help: 'Work items by how they ended',
    labelNames: ['outcome'],
    registers,
  })
  new Gauge({
    name: 'camelid_worker_busy',
    help: 'Jobs being generated',
    registers,
    collect() {
      this.set(busy())
    },
  })
  return { generated: (count) => tokens.inc(count), finished: (outcome) => jobs.inc({ outcome }) }
}
