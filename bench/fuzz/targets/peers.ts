import { sha256, utf8 } from '@camelid/crypto'
import { readMessage } from '@camelid/p2p'
import { decodeHello, encodeHello } from '../../../services/lib/p2p/src/hello.ts'
import { samplePayloads } from '../../../services/lib/p2p/src/testing/sample-frames.ts'
import { party } from '../../../services/lib/p2p/src/testing.ts'
import { type Target, target } from '../target.ts'
import { frameTargets } from './frames.ts'

/** What peers send: frames from a stream cut anywhere, the Hello of a handshake, payloads of every form. */
export function peerTargets(): Target[] {
  const us = party()
  const hellos = Array.from({ length: 8 }, (_, i) => encodeHello(party(), sha256(utf8(`nonce ${i}`))))
  return [
    ...frameTargets(),
    target({ name: 'hello', samples: hellos, decode: (bytes) => decodeHello(bytes, us) }),
    ...samplePayloads().map(({ schema, payload }) =>
      target({
        name: `payload ${schema.name}`,
        samples: [payload],
        // Fields may come in any order, and those that are not known are passed over.
        decode: (bytes) => readMessage(schema, bytes),
      }),
    ),
  ]
}
