import { Counter, Gauge, type Registry } from 'prom-client'
import { HASHES_PER_DIFFICULTY } from './difficulty.ts'
import { HashMeter } from './hash-meter.ts'
import type { StratumErrorCode } from './stratum-error.ts'

export type StratumMetrics = ReturnType<typeof createStratumMetrics>

export function createStratumMetrics(registry: Registry, nowMs: () => number) {
  const registers = [registry]
  const connections = new Gauge({ name: 'miner_stratum_connections', help: 'Outside miners connected', registers })
  const refused = new Counter({
    name: 'miner_stratum_refused_total',
    help: 'Connections not let in, by reason',
    labelNames: ['reason'],
    registers,
  })
  const closed = new Counter({
    name: 'miner_stratum_closed_total',
    help: 'Connections that ended, by reason',
    labelNames: ['reason'],
    registers,
  })
  const shares = new Counter({
    name: 'miner_stratum_shares_total',
    help: 'Shares, by what was made of them',
    labelNames: ['result'],
    registers,
  })
  const meter = new HashMeter(nowMs())
  new Gauge({
    name: 'miner_stratum_hashrate',
    help: 'Hashes per second of all outside miners together, estimated from their shares of about 5 minutes',
    registers,
    collect() {
      this.set(meter.rate(nowMs()))
    },
  })
  const share = (result: 'accepted' | StratumErrorCode, difficulty: number) => {
    shares.inc({ result: result.toLowerCase() })
    if (result === 'accepted') meter.add(difficulty * HASHES_PER_DIFFICULTY, nowMs())
  }
  return { connections, refused, closed, share }
}
