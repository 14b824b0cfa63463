import { RasticError } from '../errors.ts'

/** @throws RasticError BAD_PARAMETER */
export function requireShare(name: string, value: number): void {
  if (value >= 0 && value <= 1) return
  throw new RasticError('BAD_PARAMETER', `${name} is ${value}: it is a share, from 0 to 1`)
}

/** @throws RasticError BAD_PARAMETER */
export function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  throw new RasticError('BAD_PARAMETER', `${name} is ${value}: it is a number of things, 0 or more`)
}

/** @throws RasticError BAD_PARAMETER */
export function requireAmount(name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return
  throw new RasticError('BAD_PARAMETER', `${name} is ${value}: it is an amount, 0 or more`)
}
