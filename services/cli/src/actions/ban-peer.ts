import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { parseBanTarget } from '../ban-target.ts'
import { parseCount } from '../count.ts'
import { printJson, printLine } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid peer ban`. Errors: USAGE, and BAD_REQUEST of the service. */
export async function banPeer(
  target: string,
  options: { gateway: string; minutes: string; reason: string; json?: true },
): Promise<void> {
  const who = parseBanTarget(target)
  const seconds = BigInt(parseCount(options.minutes, '--minutes')) * 60n
  const { untilMs, closed } = await withService(
    { name: 'gateway', definition: GatewayService, address: options.gateway },
    (client) => client.ban({ who, seconds, reason: options.reason }),
  )
  const until = new Date(Number(untilMs)).toISOString()
  if (options.json) printJson({ banned: target, until, closed })
  else printLine(`${target} is banned until ${until}; connections ended: ${closed}`)
}
