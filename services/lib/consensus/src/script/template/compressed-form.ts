/** Whether bytes have the form of a compressed public key. Whether it is a point of the curve shows when it must verify. */
export function hasCompressedForm(key: Uint8Array): boolean {
  return key.length === 33 && (key[0] === 2 || key[0] === 3)
}
