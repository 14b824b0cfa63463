import { Counter, Gauge, type Registry } from 'prom-client'

export interface VerifierMetrics {
  finished(outcome: string, positions: number): void
}

export function createMetrics(registry: Registry, busy: () => number): VerifierMetrics {
  const registers = [registry]
  const positions = new Counter({ name: 'camelid_verifier_positions_total', help: 'Positions checked', registers })
  const checks = new Counter({
    name: 'camelid_verifier_checks_total',
    help: 'Checks by their verdict or failure',
    labelNames: ['outcome'],
    registers,
  })
  new Gauge({
    name: 'camelid_verifier_busy',
    help: 'Checks being made',
    registers,
    collect() {
      this.set(busy())
    },
  })
  return {
    finished: (outcome, count) => {
      checks.inc({ outcome })
      positions.inc(count)
    },
  }
}
