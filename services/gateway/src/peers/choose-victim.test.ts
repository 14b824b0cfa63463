import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chooseVictim, type Guest } from './choose-victim.ts'

const lot = (group: string): number => Number(group.replaceAll(/\D/g, '')) % 1_009
const guest = (group: string, connectedMs: number, usefulMs = 0): Guest => ({ group, connectedMs, usefulMs })

/** Guests after `newcomers` came one after another to `places` places. */
function after(places: number, newcomers: readonly Guest[]): Guest[] {
  let inside: Guest[] = []
  for (const one of newcomers) {
    if (inside.length < places) inside = [...inside, one]
    else {
      const victim = chooseVictim(inside, lot)
      if (victim !== undefined) inside = [...inside.filter((other) => other !== victim), one]
    }
  }
  return inside
}

test('a crowd from one part of the network pushes out nobody but itself and a newcomer or two', () => {
  const honest = Array.from({ length: 64 }, (_, i) => guest(`10.${i}`, i))
  const crowd = Array.from({ length: 5_000 }, (_, i) => guest('66.6', 1_000 + i))
  const left = after(64, [...honest, ...crowd])
  assert.ok(left.filter(({ group }) => group !== '66.6').length >= 63)
})

test('whoever came first in numbers gives way to those of other parts of the network', () => {
  const crowd = Array.from({ length: 64 }, (_, i) => guest('66.6', i))
  const honest = Array.from({ length: 20 }, (_, i) => guest(`10.${i}`, 1_000 + i))
  assert.equal(after(64, [...crowd, ...honest]).filter(({ group }) => group !== '66.6').length, 20)
})

test('the useful and the older half stay, and somebody goes wherever there are three', () => {
  const guests = fc.array(
    fc.record({ group: fc.constantFrom('1.1', '2.2', '3.3', '4.4'), connectedMs: fc.nat(1_000), usefulMs: fc.nat(50) }),
    { minLength: 3, maxLength: 40 },
  )
  fc.assert(
    fc.property(guests, (all) => {
      const victim = chooseVictim(all, lot)
      assert.ok(victim !== undefined)
      const useful = all.filter((one) => one !== victim && one.usefulMs >= victim.usefulMs).length
      assert.ok(victim.usefulMs === 0 || useful >= Math.ceil(all.length / 8))
      const older = all.filter((one) => one.connectedMs <= victim.connectedMs).length
      assert.ok(older > (all.length - 2 * Math.ceil(all.length / 8)) / 2 - 1)
    }),
  )
  assert.equal(chooseVictim([guest('1.1', 1)], lot), undefined)
  assert.equal(chooseVictim([], lot), undefined)
})
