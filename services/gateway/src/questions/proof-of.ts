import type { MessageInitShape } from '@bufbuild/protobuf'
import type { TxProof as ChainProof, Utxo as ChainUtxo } from '@camelid/proto/chain/v1/chain_pb'
import type { TxProofSchema, UtxoSchema } from '@camelid/proto/p2p/v1/messages_pb'

/** The chain's proof as peers read it: the same fields in another package. */
export function proofOf(proof: ChainProof): MessageInitShape<typeof TxProofSchema> {
  const { transaction, blockHash, height, position, branch } = proof
  return { transaction, blockHash, height, position, branch }
}

/** The chain's output as peers read it. */
export function utxoOf(utxo: ChainUtxo): MessageInitShape<typeof UtxoSchema> {
  const { outpoint, value, scriptPubKey, height, coinbase, proof, spentInMempool } = utxo
  return {
    value,
    scriptPubKey,
    height,
    coinbase,
    spentInMempool,
    ...(outpoint === undefined ? {} : { outpoint: { txid: outpoint.txid, index: outpoint.index } }),
    ...(proof === undefined ? {} : { proof: proofOf(proof) }),
  }
}
