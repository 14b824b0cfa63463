/**
 * Where a job of ours stands (protocol §6, seen from the client):
 *
 *     funded → accepted → generating → committed → paid → delivered → checked → settled
 *        └────────┴───────────┴───────────┴─► expired       └────┴────────┴─► failed
 *
 * `expired`: nobody earned anything and our coins are free. `failed`: the node broke its word after we paid, or refused.
 * A late delivery still moves a failed paid job on, and a reorganisation moves a settled one back to checked.
 */
const stages = [
  'funded',
  'accepted',
  'generating',
  'committed',
  'paid',
  'delivered',
  'checked',
  'settled',
  'expired',
  'failed',
] as const

export type Stage = (typeof stages)[number]

export function isStage(text: string): text is Stage {
  return (stages as readonly string[]).includes(text)
}

const order: Record<Stage, number> = {
  funded: 0,
  accepted: 1,
  generating: 2,
  committed: 3,
  paid: 4,
  delivered: 5,
  checked: 6,
  settled: 7,
  expired: 8,
  failed: 8,
}

/** Whether `a` comes before `b` on the way of a job. */
export function isBefore(a: Stage, b: Stage): boolean {
  return order[a] < order[b]
}

/** Stages after which no event follows unless the chain or a late delivery changes the past. */
export function isFinal(stage: Stage): boolean {
  return stage === 'settled' || stage === 'expired' || stage === 'failed'
}
