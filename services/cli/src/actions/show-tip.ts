import { decodeHeader, displayHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { CliError } from '../cli-error.ts'
import { printFields, printJson } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain tip` */
export async function showTip({ chain, json }: { chain: string; json?: true }): Promise<void> {
  const { tip } = await withService({ name: 'chain', definition: ChainService, address: chain }, (client) =>
    client.getTip({}),
  )
  if (tip === undefined) throw new CliError('NOT_FOUND', 'the chain service has no tip yet')
  const { time, bits } = decodeHeader(tip.header)
  const view = {
    hash: displayHash(tip.hash),
    height: tip.height,
    time,
    medianTime: tip.medianTime,
    bits: bits.toString(16).padStart(8, '0'),
    work: bytesToHex(tip.work).replace(/^0+(?=.)/, ''),
  }
  if (json) printJson(view)
  else
    printFields(
      Object.entries({ ...view, time: toText(time), medianTime: toText(tip.medianTime) }).map(([name, value]) => [
        name,
        String(value),
      ]),
    )
}

/** Unix seconds → ISO 8601. */
const toText = (seconds: number): string => new Date(seconds * 1000).toISOString()
