/** `outPointKey` of the 36 bytes by which the store knows an output. */
export function keyOf(outpoint: Uint8Array): string {
  const view = new DataView(outpoint.buffer, outpoint.byteOffset, outpoint.byteLength)
  return `${Buffer.from(outpoint.buffer, outpoint.byteOffset, 32).toString('hex')}:${view.getUint32(32, true)}`
}
