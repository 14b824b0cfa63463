/** Which rules a script is judged by, as bits. The names are those of Bitcoin's vectors. */
export const ScriptFlag = {
  P2SH: 1 << 0,
  STRICTENC: 1 << 1,
  DERSIG: 1 << 2,
  LOW_S: 1 << 3,
  NULLDUMMY: 1 << 4,
  SIGPUSHONLY: 1 << 5,
  MINIMALDATA: 1 << 6,
  DISCOURAGE_UPGRADABLE_NOPS: 1 << 7,
  CLEANSTACK: 1 << 8,
  CHECKLOCKTIMEVERIFY: 1 << 9,
  CHECKSEQUENCEVERIFY: 1 << 10,
  NULLFAIL: 1 << 11,
  CONST_SCRIPTCODE: 1 << 12,
  CHECKVERDICT: 1 << 13,
} as const

/** What a block must obey (protocol §3: strict DER and low-S are consensus here). */
export const CONSENSUS_FLAGS =
  ScriptFlag.P2SH |
  ScriptFlag.DERSIG |
  ScriptFlag.LOW_S |
  ScriptFlag.CHECKLOCKTIMEVERIFY |
  ScriptFlag.CHECKSEQUENCEVERIFY |
  ScriptFlag.CHECKVERDICT

/** What the mempool asks beyond that, so that nobody can change a transaction's id on its way, and new rules keep room. */
export const STANDARD_FLAGS =
  CONSENSUS_FLAGS |
  ScriptFlag.STRICTENC |
  ScriptFlag.NULLDUMMY |
  ScriptFlag.SIGPUSHONLY |
  ScriptFlag.MINIMALDATA |
  ScriptFlag.DISCOURAGE_UPGRADABLE_NOPS |
  ScriptFlag.CLEANSTACK |
  ScriptFlag.NULLFAIL |
  ScriptFlag.CONST_SCRIPTCODE
