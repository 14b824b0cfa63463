import { encodeAddress } from '@camelid/codec'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { printJson, printTable } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid peer bans` */
export async function listBans({ gateway, json }: { gateway: string; json?: true }): Promise<void> {
  const { bans } = await withService({ name: 'gateway', definition: GatewayService, address: gateway }, (client) =>
    client.listBans({}),
  )
  const views = bans.map(({ who, untilMs, reason }) => ({
    who: who.case === 'h2' ? encodeAddress(who.value) : (who.value ?? ''),
    until: new Date(Number(untilMs)).toISOString(),
    reason,
  }))
  if (json) {
    printJson(views)
    return
  }
  printTable(
    ['who', 'until', 'reason'],
    views.map(({ who, until, reason }) => [who, until, reason]),
    'nobody is banned',
  )
}
