import type { Writable } from 'node:stream'
import { printable } from './printable.ts'
import type { Receipt } from './receipt.ts'

const UNITS_PER_COIN = 100_000_000n

/** The receipt for a person, one line a fact. */
export function printReceipt(out: Writable, receipt: Receipt): void {
  const verdict = receipt.verdict !== 'VALID' ? `${receipt.verdict}: ${receipt.reason}` : receipt.verdict
  const lines: [string, string][] = [
    ['job', receipt.jobId],
    ['model', `${receipt.model} (sha256 ${receipt.modelSha256.slice(0, 16)}…)`],
    ['verdict', verdict],
    [
      'checked',
      `${receipt.positionsChecked} positions, ${receipt.misses} misses, largest margin ${receipt.maxMargin?.toFixed(4) ?? 'infinite'}`,
    ],
    ['time', `generated in ${receipt.generateMs} ms, checked in ${receipt.verifyMs} ms`],
    ['paid', `${coins(receipt.reward)} coins to the node, ${coins(receipt.fee)} coins fee`],
    ['mined', `block ${receipt.height} (${receipt.blockHash.slice(0, 16)}…), ${receipt.confirmations} confirmations`],
    ['payment', receipt.txid],
    ['client', `${coins(receipt.balances.before.client)} → ${coins(receipt.balances.after.client)} coins`],
    ['node', `${coins(receipt.balances.before.node)} → ${coins(receipt.balances.after.node)} coins`],
  ]
  if (receipt.firstDivergence >= 0) {
    lines.splice(3, 0, ['diverges', `first at output token ${receipt.firstDivergence}`])
  }
  out.write('\nReceipt\n')
  for (const [name, value] of lines) out.write(`  ${name.padEnd(9)} ${printable(value)}\n`)
  out.write('\n')
}

/** Base units as coins, without trailing zeros. */
function coins(units: string): string {
  const value = BigInt(units)
  const fraction = String(value % UNITS_PER_COIN)
    .padStart(8, '0')
    .replace(/0+$/, '')
  return `${value / UNITS_PER_COIN}${fraction ? `.${fraction}` : ''}`
}
