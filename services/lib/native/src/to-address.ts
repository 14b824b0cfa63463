/** Numbers are handed over faster than bigints. @throws RangeError for an address that a number does not hold */
export function toAddress(address: bigint): number {
  const number = Number(address)
  if (!Number.isSafeInteger(number) || number === 0) throw new RangeError(`no address: ${address}`)
  return number
}
