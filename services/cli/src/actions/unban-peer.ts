import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { parseBanTarget } from '../ban-target.ts'
import { CliError } from '../cli-error.ts'
import { printJson, printLine } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid peer unban`. Errors: USAGE, NOT_FOUND. */
export async function unbanPeer(target: string, options: { gateway: string; json?: true }): Promise<void> {
  const who = parseBanTarget(target)
  const { unbanned } = await withService(
    { name: 'gateway', definition: GatewayService, address: options.gateway },
    (client) => client.unban({ who }),
  )
  if (!unbanned)
    throw new CliError('NOT_FOUND', `${target} was not banned: "camelid peer bans" shows who is, key and host apart`)
  if (options.json) printJson({ unbanned: target })
  else printLine(`${target} may connect again`)
}
