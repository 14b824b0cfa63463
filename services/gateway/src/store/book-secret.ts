import type { Sql } from '@camelid/store'

/** One transaction: the secret of the address book, for good the first that was offered. */
export async function bookSecret(sql: Sql, offered: Uint8Array): Promise<Uint8Array> {
  return await sql.begin(async (tx) => {
    await tx`insert into book_secret (secret) values (${offered}) on conflict do nothing`
    const [row] = await tx<{ secret: Uint8Array }[]>`select secret from book_secret`
    return row?.secret ?? offered
  })
}
