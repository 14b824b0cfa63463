import { z } from 'zod'

/** An amount in base units: a string of digits, as the API writes it, or a whole number that JSON carries exactly. */
export const baseUnits = z
  .union([
    z.string().regex(/^\d{1,17}$/, 'an amount is a string of digits: base units, 1 coin = 100000000'),
    z.int().nonnegative(),
  ])
  .transform((value) => BigInt(value))

/** A 64-bit seed, as a string of digits or a whole number. */
export const seed64 = z
  .union([z.string().regex(/^\d{1,20}$/, 'seed is a whole number from 0 to 2^64 - 1'), z.int().nonnegative()])
  .transform((value) => BigInt(value))
  .refine((value) => value < 1n << 64n, 'seed is a whole number from 0 to 2^64 - 1')
