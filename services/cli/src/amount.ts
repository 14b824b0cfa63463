import { usage } from './cli-error.ts'

const UNITS = 100_000_000n

/** "0.01" coins → base units. Errors: USAGE. */
export function parseCoins(text: string): bigint {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,8}))?$/.exec(text) ?? []
  if (whole === undefined) throw usage(`"${text}" is no amount: give coins such as 10 or 0.01, at most 8 decimals`)
  return BigInt(whole) * UNITS + BigInt(fraction.padEnd(8, '0'))
}

/** Base units → coins without needless zeros: 1000000 → "0.01". */
export function formatCoins(units: bigint | string): string {
  const amount = BigInt(units)
  const sign = amount < 0n ? '-' : ''
  const size = amount < 0n ? -amount : amount
  const rest = (size % UNITS).toString().padStart(8, '0').replace(/0+$/, '')
  return `${sign}${size / UNITS}${rest === '' ? '' : `.${rest}`}`
}
